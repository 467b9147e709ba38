package dev.rollcall.stress.board;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.stress.support.Pool;
import dev.rollcall.stress.support.Scratch;
import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

@JCStressTest
@Description("A name is shown whole once its number is known, and not before.")
@Outcome(id = "[01], 1", expect = Expect.ACCEPTABLE, desc = "Not there yet, or whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn, or another name; or not there in the end.")
@State
public class InternStress {
    private static final Pool<Names> NAMES = new Pool<>(Names::new);
    private static final int WRONG = -100;
    /** Less than the table holds. */
    private static final int MOST = 240;

    /** A board whose names fill up. */
    private static final class Names {
        private final Board board;
        private final Board observer;
        private final BoardDriver driver;
        private int used;

        Names() {
            Path file = Scratch.newFile();
            board = Board.create(file, 1);
            observer = Board.open(file, true);
            driver = board.asDriver();
            Scratch.unlink(file);
        }

        String next() {
            return String.valueOf((char) ('a' + used % 26)).repeat(30) + used;
        }

        void giveBack() {
            if (++used < MOST) {
                NAMES.give(this);
            } else {
                board.close();
                observer.close();
            }
        }
    }

    private final Names names = NAMES.take();
    private final String name = names.next();
    private final int id = names.used + 1;

    @Actor
    public void intern(II_Result r) {
        r.r2 = names.driver.intern(name) == id ? 0 : WRONG;
    }

    @Actor
    public void look(II_Result r) {
        r.r1 = seen();
    }

    private int seen() {
        String seen = names.observer.name(id);
        return seen.equals("#" + id) ? 0 : seen.equals(name) ? 1 : WRONG;
    }

    @Arbiter
    public void rest(II_Result r) {
        r.r2 += seen();
        names.giveBack();
    }
}
