package dev.concert.testing.log;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A log message that a test provokes. It stays out of the test output, so that an unexpected one is
 * seen there; the test fails if it does not come.
 *
 * <p>On a method the message must come in this test. On a class it must come in one of its tests,
 * if all of them run. Other messages of the logger are printed as usual. Not for tests that run in
 * parallel in one JVM.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(ExpectedLog.All.class)
@ExtendWith(LogExpectations.class)
public @interface ExpectedLog {

  /** Full name of the logger. */
  String logger();

  /**
   * Regular expression that occurs in the message, or in what follows it: a new line, the class of
   * the exception, a colon and the exception's message.
   */
  String message();

  /** Whether the test fails without the message. False for one that depends on timing. */
  boolean required() default true;

  /** The container of repeated annotations. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(LogExpectations.class)
  @interface All {
    ExpectedLog[] value();
  }
}
