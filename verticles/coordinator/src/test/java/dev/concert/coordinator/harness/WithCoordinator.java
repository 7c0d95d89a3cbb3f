package dev.concert.coordinator.harness;

import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.testing.log.ExpectedLog;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each test that has a {@link CoordinatorHarness} as its parameter gets one of its own. When the
 * test is over it is closed, and no process of it may be left.
 */
@ExpectedLog(
    logger = "dev.concert.coordinator.deployment.AgentCatalog",
    message = "broken/agent.json is left out",
    required = false)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CoordinatorExtension.class)
public @interface WithCoordinator {
  SandboxMode value() default SandboxMode.AUTO;
}
