package dev.concert.chronicle.workspace;

import dev.concert.chronicle.fuse.FuseSupport;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs only where the host can mount, and says loudly where it cannot. On Linux as root a missing
 * part is a failure, not a reason to skip.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresFuse.Condition.class)
public @interface RequiresFuse {

  /** Looks at the host. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Optional<String> missing = FuseSupport.missing();
      boolean mandatory =
          "Linux".equals(System.getProperty("os.name"))
              && "root".equals(System.getProperty("user.name"));
      if (missing.isEmpty()) {
        return ConditionEvaluationResult.enabled("FUSE is there");
      }
      if (mandatory) {
        throw new IllegalStateException("FUSE tests must run here, but: " + missing.get());
      }
      System.err.println("!!! FUSE TESTS ARE SKIPPED: " + missing.get());
      return ConditionEvaluationResult.disabled(missing.get());
    }
  }
}
