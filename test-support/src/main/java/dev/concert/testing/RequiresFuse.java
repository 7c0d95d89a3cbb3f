package dev.concert.testing;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs only where the host can mount a FUSE filesystem, and says on standard error where it cannot.
 * On Linux as root a missing part is a failure, not a reason to skip.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresFuse.Condition.class)
public @interface RequiresFuse {

  /** Checks the host. */
  final class Condition implements ExecutionCondition {
    private static final Path DEVICE = Path.of("/dev/fuse");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Optional<String> missing = missing();
      if (missing.isEmpty()) {
        return ConditionEvaluationResult.enabled("This host can mount");
      }
      if (isLinux() && isRoot()) {
        throw new IllegalStateException("FUSE tests must run here, but " + missing.get());
      }
      System.err.println("!!! FUSE TESTS ARE SKIPPED: " + missing.get());
      return ConditionEvaluationResult.disabled(missing.get());
    }

    /** Whether workspaces are mounts on this host. */
    public static boolean isMet() {
      return missing().isEmpty();
    }

    private static Optional<String> missing() {
      if (!isLinux()) {
        return Optional.of("this is not Linux");
      }
      if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
        return Optional.of(DEVICE + " cannot be opened");
      }
      return isRoot() || isInstalled("fusermount3")
          ? Optional.empty()
          : Optional.of("fusermount3 is not installed");
    }

    private static boolean isLinux() {
      return "Linux".equals(System.getProperty("os.name"));
    }

    private static boolean isRoot() {
      return "root".equals(System.getProperty("user.name"));
    }

    private static boolean isInstalled(String program) {
      return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
  }
}
