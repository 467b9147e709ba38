"""A Rollcall worker in Python: joins a group, answers calls, marks the board. Standard library only, x86-64 Linux only.

    import rollcall_worker

    def handle(call):                      # one at a time, on the main thread
        if call.method == "echo":
            return call.arguments          # bytes; None for an empty reply
        raise rollcall_worker.UnknownMethod(call.method)

    rollcall_worker.serve(handle)          # does not return

Start it with CommandLauncher, which tells it through the environment which group and rank it is. The offsets are those
of shm-broadcast/LAYOUT.md and of CallLayout; the names are the same. Why each step stands where it stands is told there
and in RingWriter, RingReader and WaitCell.

Memory order: x86-64 never reorders two loads or two stores, and taking a lock is a full fence there. On other machines
this file would need fences that Python does not have, so it refuses to run.
"""

import ctypes
import fcntl
import mmap
import os
import platform
import select
import struct
import sys
import threading
import time
import traceback
import uuid

# Ring
SLOTS_AT, CAPACITY_AT, DATA_AT, FLAGS_AT, MAX_MESSAGE_AT = 12, 24, 32, 40, 48
FLAG_WAKEUPS = 1
TAIL, MESSAGES = 128, 136
WRITER_STATE, WRITER_NEW, WRITER_OPEN, WRITER_CLOSED = 256, 0, 1, 2
WRITER_PID, WRITER_START = 264, 272
DATA_CELL, SPACE_CELL = 512, 640
SLOTS, SLOT_BYTES = 1024, 256
SLOT_POSITION, SLOT_MESSAGES, SLOT_STATE, SLOT_PID, SLOT_START = 0, 8, 128, 136, 144
ACTIVE, LEFT = 1, 2
WRITER_LOCK, READER_LOCKS = 0, 1
HEADER_BYTES = 8
FLAG_PADDING, FLAG_FRAGMENT, FLAG_LAST = 1, 2, 4
FRAGMENT_BYTES = 24

# Board
VERSION_AT, WORKERS_AT = 8, 12
NAMES, NAME_BYTES = 256, 64
DRIVER, WATCHDOG, RANKS, RANK_BYTES = 20480, 40960, 49152, 49152
PID, START_TICKS, BOOT_HIGH, BOOT_LOW, PID_NAMESPACE, LOOP_TID, PULSE_TID, PHASE = 0, 8, 16, 24, 32, 40, 44, 128
DOORBELL, EPOCH_OVER, CANCELS, CANCEL_SLOTS = 21120, 21248, 21504, 128
STACK_REQUEST = 41112
RECEIVED, STARTED, FINISHED, REPLIED, LOOP_TICKS = 256, 264, 272, 280, 288
PULSES, STACK_ANSWERED, STACK_LENGTH = 384, 392, 400
CALLS, CALL_BYTES = 512, 64
STACK, MAX_STACK = 12288, 36864
STARTING, READY, FAILED, CLOSED = 1, 2, 4, 5

# Calls
CALL, REPLY, ERROR = 1, 2, 3
REQUEST = struct.Struct("<qqqqiiiiII")  # id, deadline, budget, expected, method, class, reply rank, flags, trace, version
VERSION, FATAL_ERRORS, PING, FATAL = 1, 1, 2, 1
NO_DEADLINE = (1 << 63) - 1
MAX_TEXT = 12000

EXIT_START, EXIT_FATAL, EXIT_DRIVER_GONE, EXIT_BROKEN = 70, 71, 72, 73
TICK = 0.2
SYS_FUTEX, FUTEX_WAIT, FUTEX_WAKE = 202, 0, 1
F_OFD_SETLK = 37

_libc = ctypes.CDLL(None, use_errno=True)
_fence = threading.Lock()


def fence():
    """A full fence: taking a lock is one on x86-64."""
    with _fence:
        pass


class UnknownMethod(Exception):
    """The handler has no such method."""


class Timespec(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_int64), ("nanos", ctypes.c_int64)]


class Segment:
    """A mapped file. Words are read and stored in one piece; the descriptor is kept for locks."""

    def __init__(self, path):
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self.map = mmap.mmap(self.fd, 0)
        if self.u32(VERSION_AT) >> 16 != 1:
            raise RuntimeError(f"not layout version 1: path={path}")

    def u64(self, at):
        return ctypes.c_uint64.from_buffer(self.map, at).value

    def set64(self, at, value):
        ctypes.c_uint64.from_buffer(self.map, at).value = value

    def u32(self, at):
        return ctypes.c_uint32.from_buffer(self.map, at).value

    def set32(self, at, value):
        ctypes.c_uint32.from_buffer(self.map, at).value = value

    def address(self, at):
        return ctypes.addressof(ctypes.c_uint32.from_buffer(self.map, at))

    def lock(self, index):
        """The kernel drops it when this process dies, and not before: it is what proves that we live."""
        fcntl.fcntl(self.fd, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, index, 1, 0))


class WaitCell:
    """Word to sleep on, flag beside it."""

    def __init__(self, segment, at):
        self.segment, self.word, self.flag = segment, at, at + 4

    def signal(self):
        fence()
        if self.segment.u32(self.flag):
            self.segment.set32(self.flag, 0)
            fence()
            self.segment.set32(self.word, (self.segment.u32(self.word) + 1) & 0xFFFFFFFF)
            _libc.syscall(SYS_FUTEX, ctypes.c_void_p(self.segment.address(self.word)), FUTEX_WAKE, 0x7FFFFFFF, None,
                          None, 0)

    def wait(self, ready, seconds):
        """Sleeps at most 100 ms at a time: a waker that was killed must not cost more."""
        end = time.monotonic() + seconds
        while not ready():
            left = end - time.monotonic()
            if left <= 0:
                return False
            seen = self.segment.u32(self.word)
            self.segment.set32(self.flag, 1)
            fence()
            if ready():
                return True
            limit = Timespec(0, int(min(left, 0.1) * 1e9))
            _libc.syscall(SYS_FUTEX, ctypes.c_void_p(self.segment.address(self.word)), FUTEX_WAIT, seen,
                          ctypes.byref(limit), None, 0)
        return True


class Ring(Segment):
    def __init__(self, path):
        super().__init__(path)
        self.slots = self.u32(SLOTS_AT)
        self.capacity = self.u64(CAPACITY_AT)
        self.mask = self.capacity - 1
        self.data = self.u64(DATA_AT)
        self.wakeups = bool(self.u32(FLAGS_AT) & FLAG_WAKEUPS)

    def copy_out(self, position, length):
        at = position & self.mask
        first = min(length, self.capacity - at)
        return self.map[self.data + at:self.data + at + first] + self.map[self.data:self.data + length - first]

    def copy_in(self, position, payload):
        at = position & self.mask
        first = min(len(payload), self.capacity - at)
        self.map[self.data + at:self.data + at + first] = payload[:first]
        self.map[self.data:self.data + len(payload) - first] = payload[first:]


class Reader(Ring):
    """One reader slot of the request ring."""

    def __init__(self, path, slot):
        super().__init__(path)
        self.lock(READER_LOCKS + slot)
        self.slot = SLOTS + slot * SLOT_BYTES
        self.active = ((self.u64(self.slot + SLOT_STATE) >> 8) + 1) << 8 | ACTIVE
        self.data_cell, self.space_cell = WaitCell(self, DATA_CELL), WaitCell(self, SPACE_CELL)
        self.parts = None
        self.set64(self.slot + SLOT_PID, os.getpid())
        self.set64(self.slot + SLOT_START, start_ticks())
        self.set64(self.slot + SLOT_POSITION, self.u64(TAIL))
        self.set64(self.slot + SLOT_STATE, self.active)
        fence()
        self.position = self.u64(TAIL)
        self.messages = self.u64(MESSAGES)
        self.set64(self.slot + SLOT_MESSAGES, self.messages)
        self.set64(self.slot + SLOT_POSITION, self.position)
        self.space_cell.signal()

    def has_frame(self):
        return self.u64(self.data + (self.position & self.mask)) != 0

    def is_closed(self):
        return self.u64(WRITER_STATE) == WRITER_CLOSED

    def poll(self, handler):
        """Hands out at most one message; whether anything was read."""
        header = self.u64(self.data + (self.position & self.mask))
        if header == 0:
            return False
        if self.u64(self.slot + SLOT_STATE) != self.active:
            raise RuntimeError("reader slot was taken away")
        length, flags, kind = header & 0xFFFFFFFF, header >> 32 & 0xFF, header >> 40
        message = None
        if not flags & FLAG_PADDING:
            payload = self.copy_out(self.position + HEADER_BYTES, length - HEADER_BYTES)
            message = self.assemble(payload, flags) if flags & FLAG_FRAGMENT else payload
        try:
            if message is not None:
                self.messages += 1
                handler(kind, message)
        finally:
            self.position += (length + 7) & ~7
            self.set64(self.slot + SLOT_MESSAGES, self.messages)
            self.set64(self.slot + SLOT_POSITION, self.position)
            if self.wakeups:
                self.space_cell.signal()
        return True

    def assemble(self, payload, flags):
        """The whole message with its last fragment, None before; one whose beginning was missed is passed over."""
        message, total, index = struct.unpack_from("<QQI", payload)
        if index == 0:
            self.parts = (message, [])
        if self.parts is None or self.parts[0] != message or len(self.parts[1]) != index:
            self.parts = None
            return None
        self.parts[1].append(payload[FRAGMENT_BYTES:])
        if not flags & FLAG_LAST:
            return None
        whole, self.parts = b"".join(self.parts[1]), None
        return whole if len(whole) == total else None


class Writer(Ring):
    """The one writer of a reply ring."""

    def __init__(self, path, doorbell):
        super().__init__(path)
        self.lock(WRITER_LOCK)
        if self.u64(WRITER_STATE) != WRITER_NEW:
            raise RuntimeError(f"ring had a writer: path={path}")
        self.set64(WRITER_PID, os.getpid())
        self.set64(WRITER_START, start_ticks())
        self.set64(WRITER_STATE, WRITER_OPEN)
        self.doorbell, self.tail, self.messages, self.fragmented = doorbell, 0, 0, 0

    def slowest(self):
        fence()
        positions = [self.tail]
        for slot in range(self.slots):
            at = SLOTS + slot * SLOT_BYTES
            if self.u64(at + SLOT_STATE) & 0xFF == ACTIVE:
                positions.append(self.u64(at + SLOT_POSITION))
        return min(positions)

    def write(self, kind, payload, give_up):
        """False when nobody wants it any more before there was room. What does not fit the ring goes in fragments."""
        if len(payload) <= self.capacity - 2 * HEADER_BYTES:
            return self.put(kind, 0, payload, give_up)
        most = self.u64(MAX_MESSAGE_AT)
        if len(payload) > most:
            raise ValueError(f"reply too large bytes={len(payload)} max={most}")
        self.fragmented += 1
        step = self.capacity // 4 - HEADER_BYTES - FRAGMENT_BYTES
        for index, at in enumerate(range(0, len(payload), step)):
            last = FLAG_LAST if at + step >= len(payload) else 0
            part = struct.pack("<QQI4x", self.fragmented, len(payload), index) + payload[at:at + step]
            if not self.put(kind, FLAG_FRAGMENT | last, part, give_up):
                return False  # the first fragment of the next message discards what was sent of this one
        return True

    def put(self, kind, flags, payload, give_up):
        """One frame; a message is one without FLAG_FRAGMENT, or the last fragment."""
        length = HEADER_BYTES + len(payload)
        frame = (length + 7) & ~7
        while self.tail + frame + HEADER_BYTES > self.slowest() + self.capacity:
            if give_up():
                return False
            time.sleep(0.001)
        self.set64(self.data + (self.tail + frame & self.mask), 0)  # the next header, before this one is published
        self.copy_in(self.tail + HEADER_BYTES, payload)
        self.set64(self.data + (self.tail & self.mask), kind << 40 | flags << 32 | length)
        self.tail += frame
        if not flags & FLAG_FRAGMENT or flags & FLAG_LAST:
            self.messages += 1
        self.set64(MESSAGES, self.messages)
        self.set64(TAIL, self.tail)
        self.doorbell.signal()
        return True

    def close(self):
        self.set64(WRITER_STATE, WRITER_CLOSED)
        self.doorbell.signal()


class Board(Segment):
    """What this rank says of itself."""

    def __init__(self, path, rank):
        super().__init__(path)
        self.block = RANKS + rank * RANK_BYTES
        self.ticks = self.beats = 0
        boot = uuid.UUID(open("/proc/sys/kernel/random/boot_id").read().strip()).int
        self.set64(self.block + START_TICKS, start_ticks())
        self.set64(self.block + BOOT_HIGH, boot >> 64)
        self.set64(self.block + BOOT_LOW, boot & (1 << 64) - 1)
        self.set64(self.block + PID_NAMESPACE, int(os.readlink("/proc/self/ns/pid").strip("pid:[]")))
        self.set32(self.block + LOOP_TID, threading.get_native_id())
        self.set64(self.block + PID, os.getpid())  # last: who sees it sees the rest

    def mark(self, word, value):
        self.set64(self.block + word, value)

    def phase(self, phase):
        self.mark(PHASE, ((self.u64(self.block + PHASE) >> 8) + 1) << 8 | phase)

    def started(self, call, method, cost_class):
        record = self.block + CALLS + (call & 1) * CALL_BYTES
        self.set64(record, 0)
        self.set32(record + 8, method)
        self.set32(record + 12, cost_class)
        self.set64(record, call)
        self.mark(STARTED, call)

    def tick(self):
        self.ticks += 1
        self.mark(LOOP_TICKS, self.ticks)

    def name(self, index):
        at = NAMES + index * NAME_BYTES
        return self.map[at + 1:at + 1 + self.map[at]].decode() if index else ""

    def is_epoch_over(self):
        fence()
        return self.u64(EPOCH_OVER) != 0

    def is_cancelled(self, call):
        return self.u64(CANCELS + 8 * (call % CANCEL_SLOTS)) == call

    def serve_stack_request(self, loop):
        request = self.u64(STACK_REQUEST)
        if request != self.u64(self.block + STACK_ANSWERED) and request:
            frame = sys._current_frames().get(loop)
            text = "".join(traceback.format_stack(frame)).encode()[:MAX_STACK] if frame else b""
            self.mark(STACK_ANSWERED, 0)
            self.map[self.block + STACK:self.block + STACK + len(text)] = text
            self.mark(STACK_LENGTH, len(text))
            self.mark(STACK_ANSWERED, request)


class Call:
    """One call, as the handler sees it."""

    def __init__(self, board, frame, shared_clock):
        if len(frame) < REQUEST.size:
            raise RuntimeError(f"malformed request length={len(frame)}")
        (self.call_id, self._deadline, budget, self.expected_nanos, self.method_id, self.class_id, self.reply_rank,
         self.flags, trace, version) = REQUEST.unpack_from(frame)
        if version != VERSION:
            raise RuntimeError(f"request of another version expected={VERSION} found={version}")
        if self._deadline != NO_DEADLINE and not shared_clock:
            self._deadline = time.monotonic_ns() + budget
        self._board = board
        self.method = board.name(self.method_id)
        self.cost_class = board.name(self.class_id)
        header = frame[REQUEST.size:REQUEST.size + trace].decode("ascii").split("\n")
        self.traceparent, self.tracestate = header[0], header[1] if len(header) > 1 else ""
        self.arguments = frame[REQUEST.size + (trace + 7 & ~7):]

    def remaining_nanos(self):
        """How long the caller still waits."""
        return NO_DEADLINE if self._deadline == NO_DEADLINE else self._deadline - time.monotonic_ns()

    def is_cancelled(self):
        """Whether the caller has given the call up; a long computation should look every millisecond."""
        return self._board.is_cancelled(self.call_id)


class Worker:
    def __init__(self, handler):
        self.handler = handler
        self.rank = int(os.environ["ROLLCALL_RANK"])
        group = os.environ["ROLLCALL_GROUP"]
        self.board = Board(os.path.join(group, "board"), self.rank)
        self.board.phase(STARTING)
        self.requests = os.path.join(group, "requests")
        self.replies = Writer(os.path.join(group, f"replies-{self.rank}"), WaitCell(self.board, DOORBELL))
        self.shared_clock = os.environ.get("ROLLCALL_CLOCK", "").endswith(" " + time_namespace())
        self.ready = self.over = False
        self.call = None
        self.fatal = False
        loop = threading.get_ident()
        threading.Thread(target=self.pulse, args=(loop,), daemon=True).start()

    def pulse(self, loop):
        """Beats while the process runs, and sees the driver die, also while the handler is stuck."""
        self.board.set32(self.board.block + PULSE_TID, threading.get_native_id())
        try:
            driver = os.pidfd_open(self.board.u64(DRIVER + PID))
        except ProcessLookupError:
            os._exit(EXIT_DRIVER_GONE)
        watched = select.poll()
        watched.register(driver, select.POLLIN)
        while True:
            self.board.beats += 1
            self.board.mark(PULSES, self.board.beats)
            self.board.serve_stack_request(loop)
            if watched.poll(int(TICK * 1000)):
                os._exit(EXIT_DRIVER_GONE)

    def run(self, on_open):
        try:
            on_open(self.rank)
        except Exception as error:
            self.reply_error(0, error, FATAL)
            self.end(FAILED, EXIT_START)
        ring = Reader(self.requests, self.rank)
        self.ready = True
        self.board.phase(READY)
        self.replies.doorbell.signal()
        while not self.over:
            self.board.tick()
            if not ring.poll(self.on_frame):
                if ring.is_closed() and not ring.has_frame():
                    break
                ring.data_cell.wait(lambda: ring.has_frame() or ring.is_closed(), TICK)
        self.end(FAILED if self.fatal else CLOSED, EXIT_FATAL if self.fatal else 0)

    def end(self, phase, status):
        self.board.phase(phase)
        self.replies.close()
        sys.stdout.flush()
        os._exit(status)

    def on_frame(self, kind, frame):
        if kind != CALL:
            raise RuntimeError(f"malformed request type={kind}")
        call = self.call = Call(self.board, frame, self.shared_clock)
        self.board.mark(RECEIVED, call.call_id)
        if self.board.is_epoch_over():
            self.over = True  # the driver may make this call again elsewhere: it must not run here
            return
        self.board.started(call.call_id, call.method_id, call.class_id)
        try:
            reply, error = (b"" if call.flags & PING else self.handler(call) or b""), None
        except Exception as thrown:
            reply, error = b"", thrown
        self.board.mark(FINISHED, call.call_id)
        if error is None and call.reply_rank in (-1, self.rank):
            try:
                self.replies.write(REPLY, struct.pack("<qii", call.call_id, self.rank, 0) + reply, self.unwanted)
            except ValueError as too_large:
                error = too_large
        if error is not None:
            self.fatal = self.over = bool(call.flags & FATAL_ERRORS)
            self.reply_error(call.call_id, error, FATAL if self.fatal else 0)
        self.board.mark(REPLIED, call.call_id)

    def unwanted(self):
        self.board.tick()
        return self.call is not None and (self.call.is_cancelled() or self.call.remaining_nanos() <= 0)

    def reply_error(self, call_id, error, flags):
        payload = struct.pack("<qii", call_id, self.rank, flags)
        for text in (type(error).__name__, str(error), "".join(traceback.format_exception(error))):
            cut = text.encode()[:MAX_TEXT].decode(errors="ignore").encode()
            payload += struct.pack("<i", len(cut)) + cut
        self.replies.write(ERROR, payload, self.unwanted)


def start_ticks():
    return int(open("/proc/self/stat", "rb").read().rpartition(b")")[2].split()[19])


def time_namespace():
    try:
        return os.readlink("/proc/self/ns/time")
    except OSError:
        return "time:none"


def serve(handler, on_open=lambda rank: None):
    """Joins the group named in the environment and answers until it ends; then the process ends."""
    if platform.machine() != "x86_64":
        raise SystemExit(f"x86-64 only: machine={platform.machine()}")
    worker = None
    try:
        worker = Worker(handler)
        worker.run(on_open)
    except Exception:
        traceback.print_exc()
    if worker is None:
        sys.stdout.flush()
        os._exit(EXIT_START)
    worker.end(FAILED, EXIT_BROKEN if worker.ready else EXIT_START)
