package dev.concert.gateway.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section {@code gateway.mail}. */
class MailOptionsTest {
  @TempDir Path folder;

  private static Optional<MailOptions> read(String json, Map<String, String> environment) {
    JsonObject mail = new JsonObject(json.replace('\'', '"'));
    return MailOptions.from(
        ConfigReader.of(new JsonObject().put("mail", mail), "mail"), environment);
  }

  @Test
  void withoutAHostNothingIsMailed() {
    assertThat(read("{}", Map.of("MAIL_PASSWORD", "x"))).isEmpty();
  }

  @Test
  void thePasswordComesFromTheVariableOrTheFileAndIsShownNowhere() throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "from file\n");
    String json =
        "{'host':'smtp.example.com','from':'a@b','user':'u','passwordFile':'" + file + "'}";

    assertThat(read(json, Map.of()).flatMap(MailOptions::password)).contains("from file");
    MailOptions both = read(json, Map.of("MAIL_PASSWORD", "from variable")).orElseThrow();
    assertThat(both.password()).contains("from variable");
    assertThat(both.toString()).doesNotContain("from variable");
    assertThat(both.port()).isEqualTo(587);
    assertThat(both.tls()).isEqualTo(MailOptions.Tls.STARTTLS);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          "{'host':'smtp.example.com'}", mail.from
          "{'host':'smtp.example.com','from':'me'}", mail.from
          "{'host':'smtp.example.com','from':'a@b','tls':'none'}", mail.tls
          "{'host':'smtp.example.com','from':'a@b','user':'u'}", mail.user
          "{'host':'smtp.example.com','from':'a@b','user':'u','passwordFile':'/no/such'}", mail.passwordFile
          "{'host':'smtp.example.com','from':'a@b','port':0}", mail.port
          "{'host':'smtp.example.com','from':'a@b','password':'x'}", mail.password
          """)
  void whatIsWrongIsNamed(String json, String setting) {
    assertThatThrownBy(() -> read(json, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(setting)
        .hasMessageNotContaining("/no/such");
  }
}
