package dev.concert.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Skips a test, or all tests of a class, unless root runs them. The end of the test run names what
 * was skipped.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRoot.Condition.class)
public @interface RequiresRoot {

  /** What the test does that only root may do, for example "becomes another user". */
  String value();

  /** Compares the user who runs the tests. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if ("root".equals(System.getProperty("user.name"))) {
        return ConditionEvaluationResult.enabled("root runs the tests");
      }
      String why =
          AnnotationSupport.findAnnotation(context.getElement(), RequiresRoot.class)
              .map(RequiresRoot::value)
              .orElse("");
      return ConditionEvaluationResult.disabled("needs root: " + why);
    }
  }
}
