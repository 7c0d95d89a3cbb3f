package dev.concert.coordinator.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentProfilesTest {
  @TempDir private Path folder;
  private AgentProfiles profiles;

  @BeforeEach
  void open() {
    profiles = new AgentProfiles(Optional.of(folder.resolve("all")), Optional.empty());
  }

  private void write(String file, String content) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private JsonNode added(String own, String tenant, String user) throws IOException {
    ObjectNode config = (ObjectNode) Json.MAPPER.readTree(own);
    profiles.addTo(config, tenant, user);
    return config;
  }

  @Test
  void withoutProfilesTheConfigurationStaysAsItIs() throws IOException {
    assertThat(added("{\"max_steps\":1}", "acme", "ann")).hasToString("{\"max_steps\":1}");
  }

  @Test
  void instructionsAndRulesOfTheTenantAndTheUserBothHold() throws IOException {
    write("all/acme/AGENTS.md", "Write tests.\n");
    write("all/acme/permissions.json", "{\"deny\": [\"bash:git push\"]}");
    write("all/acme/ann/AGENTS.md", "Answer in French.");
    write("all/acme/ann/permissions.json", "{\"allow\": [\"bash:npm test\"]}");

    JsonNode config =
        added(
            "{\"user_instructions\":\"Be brief.\",\"permissions\":{\"allow\":[\"bash:ls\"]}}",
            "acme",
            "ann");

    assertThat(config.get("user_instructions").asText())
        .isEqualTo("Be brief.\n\nWrite tests.\n\nAnswer in French.");
    assertThat(config.get("permissions"))
        .hasToString("{\"allow\":[\"bash:ls\",\"bash:npm test\"],\"deny\":[\"bash:git push\"]}");
  }

  @Test
  void aUserDoesNotReplaceAServerOfTheTenant() throws IOException {
    write("all/acme/mcp.json", "{\"mcpServers\": {\"files\": {\"command\": \"ours\"}}}");
    write(
        "all/acme/ann/mcp.json",
        "{\"mcpServers\": {\"files\": {\"command\": \"mine\"}, \"web\": {\"url\":"
            + " \"https://x\"}}}");

    JsonNode servers = added("{}", "acme", "ann").get("mcp_servers");

    assertThat(servers.at("/files/command").asText()).isEqualTo("ours");
    assertThat(servers.at("/web/url").asText()).isEqualTo("https://x");
  }

  @Test
  void nobodyGetsWhatIsAnotherUsersOrAnotherTenants() throws IOException {
    write("all/acme/ann/AGENTS.md", "Ann's.");
    write("all/other/AGENTS.md", "Others'.");

    assertThat(added("{}", "acme", "bob")).hasToString("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../other", "", ".", "a/b", ".hidden"})
  void anIdThatIsNoNameOfAFolderLeadsNowhere(String id) throws IOException {
    write("all/AGENTS.md", "x");
    write("other/AGENTS.md", "x");
    write("all/acme/other/AGENTS.md", "x");

    assertThat(added("{}", id, "ann")).hasToString("{}");
    assertThat(added("{}", "acme", id)).hasToString("{}");
  }

  @Test
  void thePersonalProfileHoldsForEverySession() throws IOException {
    write("me/AGENTS.md", "Use tabs.");
    profiles = new AgentProfiles(Optional.empty(), Optional.of(folder.resolve("me")));

    assertThat(added("{}", "dev", "dev-user-001").get("user_instructions").asText())
        .isEqualTo("Use tabs.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "permissions.json | {\"deny\": [\"bash:git push\" | permissions.json is not JSON, in line"
            + " 1",
        "permissions.json | [] | permissions.json is not a JSON object",
        "permissions.json | {\"denny\": []} | permissions.json has \"allow\" and \"deny\"",
        "permissions.json | {\"deny\": \"bash:rm\"} | permissions.json has \"allow\" and \"deny\"",
        "permissions.json | {\"deny\": [7]} | permissions.json has \"allow\" and \"deny\"",
        "mcp.json | {\"servers\": {}} | mcp.json has no object \"mcpServers\"",
      })
  void aFileThatCannotBeUsedIsNamedAndNothingStarts(String file, String content, String sentence)
      throws IOException {
    write("all/acme/" + file, content);

    assertThatThrownBy(() -> added("{}", "acme", "ann"))
        .isInstanceOf(AgentProfiles.ProfileException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining(folder.toString());
  }
}
