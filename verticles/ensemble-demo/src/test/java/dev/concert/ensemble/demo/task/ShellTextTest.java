package dev.concert.ensemble.demo.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellTextTest {
  @Test
  void aPlainWordStaysReadable() {
    assertThat(ShellText.quoted("src/a-b_c.py")).isEqualTo("src/a-b_c.py");
  }

  @Test
  void aShellReadsEveryWordBackAsItWas() throws Exception {
    for (String word :
        List.of("", "two words", "it's", "$HOME", "`id`", "a\"b", "*", "\\", "a\nb", "-rf", "ü")) {
      Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellText.quoted(word)).start();

      assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(word);
    }
  }
}
