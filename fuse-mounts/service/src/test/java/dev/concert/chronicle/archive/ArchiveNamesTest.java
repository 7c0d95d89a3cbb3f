package dev.concert.chronicle.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names in archives are safe on every system, and can be turned back. */
class ArchiveNamesTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "a/b.txt, a/b.txt",
        "ü/€ 😀, ü/€ 😀",
        "100%, 100%",
        "..\\..\\x, ..%5C..%5Cx",
        "C:/x, C%3A/x",
        "a.txt:stream, a.txt%3Astream",
        "a/CON, a/%43ON",
        "nul.txt, %6Eul.txt",
        "com1, %63om1",
        "COM¹.log, %43OM¹.log",
        "Lpt9 .x, %4Cpt9 .x",
        "console, console",
        "com10, com10",
        "d./e, d%2E/e",
        "\"x \", x%20",
        "..., ..%2E",
        "a%41, a%2541",
        "%5C\\, %255C%5C"
      })
  void aNameIsWrittenLikeThis(String path, String name) {
    assertThat(ArchiveNames.of(path)).isEqualTo(name);
  }

  @Provide
  Arbitrary<String> nastyNames() {
    return Arbitraries.strings()
        .withChars("\\:.%5Cc \n\u0001\u0085aNULCON1/")
        .ofMinLength(1)
        .ofMaxLength(12);
  }

  @Property
  void everyNameIsSafeAndDecodesToThePath(@ForAll("nastyNames") String path) {
    String name = ArchiveNames.of(path);
    assertThat(decoded(name)).isEqualTo(path);
    assertThat(name.codePoints())
        .noneMatch(one -> one == '\\' || one == ':' || Character.isISOControl(one));
    for (String part : name.split("/", -1)) {
      assertThat(part).doesNotMatch("(?i)(con|nul|com1)[ ]*([.].*)?").doesNotMatch(".*[. ]");
    }
  }

  @Property
  void twoFilesNeverGetOneName(@ForAll("nastyNames") String one, @ForAll("nastyNames") String two) {
    Map<String, String> paths = new HashMap<>();
    for (String path : List.of(one, two)) {
      String before = paths.put(ArchiveNames.of(path), path);
      assertThat(before == null || before.equals(path)).isTrue();
    }
  }

  private static String decoded(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      boolean isByte =
          encoded[i] == '%'
              && i + 2 < encoded.length
              && Character.digit(encoded[i + 1], 16) >= 0
              && Character.digit(encoded[i + 2], 16) >= 0;
      if (isByte) {
        bytes.write(Integer.parseInt(new String(encoded, i + 1, 2, StandardCharsets.US_ASCII), 16));
        i += 2;
      } else {
        bytes.write(encoded[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
