package dev.rollcall.tools.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logging of all rollcall processes, without a configuration file to be read at each start: one line each on standard
 * error, from WARN on unless {@code ROLLCALL_LOG} says otherwise. Standard output is for answers. Found by logback as a
 * service.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String VARIABLE = "ROLLCALL_LOG";
    private static final String PROPERTY = "rollcall.log";

    /** For the service loader. */
    public Logging() {
    }

    /**
     * Sets the level for a command whose log is its answer; must be called before anything logs.
     *
     * @param level used unless {@code ROLLCALL_LOG} is set
     */
    public static void defaultLevel(String level) {
        System.setProperty(PROPERTY, level);
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %msg%n%ex{short}");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        String wanted = System.getenv().getOrDefault(VARIABLE, System.getProperty(PROPERTY, "WARN"));
        context.getLogger("ROOT").setLevel(Level.toLevel(wanted, Level.WARN));
        context.getLogger("ROOT").addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
