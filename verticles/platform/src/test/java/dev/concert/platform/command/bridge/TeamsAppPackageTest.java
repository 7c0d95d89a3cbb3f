package dev.concert.platform.command.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The app package that Teams takes. */
class TeamsAppPackageTest {
  private static final String APP = "aaaaaaaa-0000-0000-0000-000000000001";

  @TempDir Path folder;

  @Test
  void thePackageHasAManifestOfTheBotAndItsTwoPictures() throws IOException {
    Path file = folder.resolve("app.zip");
    TeamsAppPackage.write(file, APP, "https://your.host");
    TeamsAppPackage.write(file, APP, "https://your.host");
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(Object::toString))
          .containsExactly("manifest.json", "color.png", "outline.png");
      JsonNode manifest = Json.MAPPER.readTree(zip.getInputStream(zip.getEntry("manifest.json")));
      JsonNode bot = manifest.path("bots").path(0);
      assertThat(bot.path("botId").asText()).isEqualTo(APP);
      assertThat(bot.path("scopes").toString()).isEqualTo("[\"personal\",\"team\",\"groupChat\"]");
      assertThat(manifest.path("developer").path("websiteUrl").asText())
          .isEqualTo("https://your.host");
      assertThat(manifest.at("/authorization/permissions/resourceSpecific/0/name").asText())
          .isEqualTo("ChannelMessage.Read.Group");
      assertThat(width(zip, "color.png")).isEqualTo(192);
      assertThat(width(zip, "outline.png")).isEqualTo(32);
    }
  }

  /** It stands behind the signature, the length and the name of the first chunk. */
  private static int width(ZipFile zip, String picture) throws IOException {
    try (InputStream content = zip.getInputStream(zip.getEntry(picture))) {
      return ByteBuffer.wrap(content.readAllBytes()).getInt(16);
    }
  }
}
