package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequiresRootTest {

  @Test
  @RequiresRoot("is the proof that the condition looks at the user")
  void onlyRootGetsHere() {
    assertThat(System.getProperty("user.name")).isEqualTo("root");
  }
}
