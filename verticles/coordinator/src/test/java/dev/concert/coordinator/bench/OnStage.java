package dev.concert.coordinator.bench;

import dev.concert.coordinator.sandbox.SandboxMode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each test that has a {@link Stage} as its parameter gets one of its own. When the test is over it
 * is closed, and no process of it may be left.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(StageExtension.class)
public @interface OnStage {
  SandboxMode value() default SandboxMode.AUTO;
}
