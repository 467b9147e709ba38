package dev.rollcall.rpc.chronicle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.HexDumpBytes;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.RollcallException;

/**
 * Puts {@link BytesMarshallable} objects into payloads and takes them out: a type number that both sides registered, then
 * what the object writes. Nothing is ever made that the receiver did not register, whatever the bytes say. Immutable,
 * any thread, as far as the registered suppliers are.
 *
 * <p>On-heap bytes only, which need no JVM flag; types must write and read themselves through public members.
 */
public final class BytesCodec {

    private final Map<Integer, Supplier<? extends BytesMarshallable>> makers;
    private final Map<Class<?>, Integer> numbers;

    private BytesCodec(Builder builder) {
        this.makers = Map.copyOf(builder.makers);
        this.numbers = Map.copyOf(builder.numbers);
    }

    /**
     * Begins a codec.
     *
     * @return knows no type yet
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes a payload of an object.
     *
     * @param value of a registered type
     * @return arguments or a reply, on the heap
     * @throws IllegalArgumentException when its type is not registered
     */
    public MemorySegment encode(BytesMarshallable value) {
        Bytes<byte[]> bytes = Bytes.allocateElasticOnHeap();
        try {
            bytes.writeInt(number(value));
            value.writeMarshallable(bytes);
            return MemorySegment.ofArray(bytes.toByteArray());
        } finally {
            bytes.releaseLast();
        }
    }

    /**
     * Makes the object of a payload.
     *
     * @param payload as {@link #encode} made it
     * @return of one of the registered types
     * @throws IncompatibleSegmentException when its type is not registered
     * @throws RollcallException            when the bytes are none of that type's
     */
    public BytesMarshallable decode(MemorySegment payload) {
        Bytes<byte[]> bytes = Bytes.wrapForRead(payload.toArray(ValueLayout.JAVA_BYTE));
        try {
            int number = payload.byteSize() < Integer.BYTES ? -1 : bytes.readInt();
            Supplier<? extends BytesMarshallable> maker = makers.get(number);
            if (maker == null) {
                throw new IncompatibleSegmentException("payload of a type that is not registered type=" + number
                        + " registered=" + makers.keySet() + " bytes=" + payload.byteSize());
            }
            BytesMarshallable value = maker.get();
            value.readMarshallable(bytes);
            return value;
        } catch (RollcallException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RollcallException("payload cannot be read bytes=" + payload.byteSize(), e);
        } finally {
            bytes.releaseLast();
        }
    }

    /**
     * An object's bytes with what it says of each, for diagnostics: it shows contents.
     *
     * @param value of a registered type
     * @return lines of bytes and, behind a hash, the comments the object writes
     */
    public String hexDump(BytesMarshallable value) {
        HexDumpBytes bytes = new HexDumpBytes();
        try {
            bytes.writeHexDumpDescription("type").writeInt(number(value));
            value.writeMarshallable(bytes);
            return bytes.toHexString();
        } finally {
            bytes.releaseLast();
        }
    }

    private int number(BytesMarshallable value) {
        Integer number = numbers.get(value.getClass());
        if (number == null) {
            throw new IllegalArgumentException("type is not registered type=" + value.getClass().getName());
        }
        return number;
    }

    /** What may be sent and received. One thread. */
    public static final class Builder {

        private final Map<Integer, Supplier<? extends BytesMarshallable>> makers = new HashMap<>();
        private final Map<Class<?>, Integer> numbers = new HashMap<>();

        private Builder() {
        }

        /**
         * Registers a type; both sides give it the same number.
         *
         * @param number not negative, and not given before
         * @param type   the class whose objects are sent
         * @param maker  makes an empty one to be read into
         * @param <T>    the type
         * @return this
         */
        public <T extends BytesMarshallable> Builder register(int number, Class<T> type, Supplier<T> maker) {
            if (number < 0) {
                throw new IllegalArgumentException("negative type number=" + number + " type=" + type.getName());
            }
            @Nullable Supplier<?> taken = makers.putIfAbsent(number, maker);
            if (taken != null || numbers.putIfAbsent(type, number) != null) {
                throw new IllegalArgumentException("registered before number=" + number + " type=" + type.getName());
            }
            return this;
        }

        /**
         * The codec.
         *
         * @return immutable
         */
        public BytesCodec build() {
            return new BytesCodec(this);
        }
    }
}
