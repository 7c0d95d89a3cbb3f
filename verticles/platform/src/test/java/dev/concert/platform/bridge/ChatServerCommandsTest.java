package dev.concert.platform.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.testing.Await;
import dev.concert.testing.chatserver.Prosody;
import dev.concert.testing.chatserver.Synapse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert bridge}, where the platform is a real server, and where that server is dead. */
class ChatServerCommandsTest {
  @TempDir Path folder;
  private Platform platform;

  private void start(String name, String list, String server) {
    JsonObject allowed = new JsonObject().put(list, new JsonArray().add(server));
    platform =
        Platform.start(
            new PlatformOptions(
                "127.0.0.1",
                0,
                folder.resolve("data"),
                Program.home(),
                new JsonObject().put("bridges", new JsonObject().put(name, allowed))));
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  private ProgramRun concert(Map<String, String> environment, String... arguments) {
    ProgramRun.Setting setting =
        new ProgramRun.Setting(Program.home(), environment).with("CONCERT_URL", platform.url());
    return setting.run(arguments);
  }

  private ProgramRun concert(String... arguments) {
    return concert(Map.of(), arguments);
  }

  private String listed() {
    return concert("bridge", "list").expect(0).out();
  }

  private void testAndRemove(String id, Runnable kill) {
    assertThat(concert("bridge", "test", id).expect(0).out()).startsWith("Connected to ");
    kill.run();
    assertThat(concert("bridge", "test", id).expect(1).out())
        .containsAnyOf("cannot be reached", "does not answer now");
    concert("bridge", "remove", id).expect(0);
    assertThat(listed()).isEmpty();
  }

  @Test
  void aBridgeToAnXmppServerIsAddedListedTestedAndRemoved() {
    assumeTrue(Prosody.isInstalled(), "Prosody is not installed");
    try (Prosody prosody = new Prosody()) {
      prosody.addUser("concert");
      start("xmpp", "servers", prosody.server());
      xmpp("https://example.com", Prosody.PASSWORD).expectOneSentence("xmpp://user@example.org");
      xmpp("xmpp://concert@internal", Prosody.PASSWORD)
          .expectOneSentence("'internal:5222'", "bridges.xmpp.servers");
      String address = prosody.address("concert", "team");
      xmpp(address, "a wrong password").expectOneSentence("does not take the password");

      String id = xmpp(address, Prosody.PASSWORD).expect(0).out().split(" ")[1];
      Await.until("it is connected", () -> listed().contains("Connected to played.test."));
      assertThat(listed()).startsWith(id + "  xmpp  played.test  xmpp  ");
      xmpp(address, Prosody.PASSWORD).expectOneSentence("connected already");
      testAndRemove(id, prosody::kill);
      xmpp(address, Prosody.PASSWORD).expectOneSentence("cannot be reached");
    }
  }

  private ProgramRun xmpp(String address, String password) {
    return concert(
        Map.of("XMPP_ADDRESS", address, "XMPP_PASSWORD", password), "bridge", "add", "xmpp");
  }

  @Test
  void aBridgeToAHomeserverIsRegisteredAddedListedTestedAndRemoved() throws Exception {
    assumeTrue(Synapse.isInstallable(), "Synapse needs Python 3.10");
    try (Synapse synapse = new Synapse(Files.createDirectory(folder.resolve("synapse")))) {
      start("matrix", "homeservers", synapse.address());
      Path registration = folder.resolve("registration.yaml");
      assertThat(matrix(registration, synapse.address()).expect(0).out())
          .contains("app_service_config_files", "Run this command once more.");
      matrix(registration, "https://elsewhere.test")
          .expectOneSentence("'https://elsewhere.test'", "bridges.matrix.homeservers");
      matrix(registration, synapse.address()).expectOneSentence("homeserver does not answer now");
      Path other = Files.writeString(folder.resolve("other.yaml"), "a: b\n");
      matrix(other, synapse.address()).expectOneSentence("is no registration of Matrix");

      synapse.start(Files.readString(registration));
      String id = matrix(registration, synapse.address()).expect(0).out().split(" ")[1];
      assertThat(listed()).startsWith(id + "  matrix  synapse.test  matrix  ");
      testAndRemove(id, synapse::close);
    }
  }

  private ProgramRun matrix(Path registration, String homeserver) {
    return concert(
        Map.of("MATRIX_HOMESERVER", homeserver),
        "bridge",
        "add",
        "matrix",
        "--registration",
        registration.toString());
  }
}
