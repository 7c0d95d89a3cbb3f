package dev.concert.coordinator.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.coordinator.profile.AgentProfiles.ProfileException;
import dev.concert.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of one profile.
 *
 * @param instructions text of {@code AGENTS.md}
 * @param permissions {@code allow} and {@code deny}, each a list of texts
 * @param servers by name, in the form of {@code .mcp.json}
 */
record ProfileFiles(
    Optional<String> instructions, Optional<ObjectNode> permissions, Optional<ObjectNode> servers) {
  private static final String INSTRUCTIONS = "AGENTS.md";
  private static final String PERMISSIONS = "permissions.json";
  private static final String SERVERS = "mcp.json";
  private static final List<String> RULES = List.of("allow", "deny");
  private static final int MAX_BYTES = 256 * 1024;

  static ProfileFiles of(Path folder) throws ProfileException {
    Optional<ObjectNode> permissions = object(folder.resolve(PERMISSIONS));
    if (permissions.isPresent()) {
      verifyRules(permissions.orElseThrow());
    }
    Optional<ObjectNode> servers = object(folder.resolve(SERVERS));
    if (servers.isPresent() && !servers.orElseThrow().path("mcpServers").isObject()) {
      throw new ProfileException(SERVERS + " has no object \"mcpServers\".", null);
    }
    return new ProfileFiles(
        text(folder.resolve(INSTRUCTIONS)),
        permissions,
        servers.map(all -> (ObjectNode) all.get("mcpServers")));
  }

  void addTo(ObjectNode config) {
    instructions.ifPresent(text -> AgentProfiles.addInstructions(config, text));
    permissions.ifPresent(rules -> RULES.forEach(kind -> addRules(config, kind, rules)));
    servers.ifPresent(
        all -> {
          ObjectNode known = config.withObjectProperty("mcp_servers");
          all.fields().forEachRemaining(one -> known.putIfAbsent(one.getKey(), one.getValue()));
        });
  }

  private static void addRules(ObjectNode config, String kind, ObjectNode rules) {
    ArrayNode known = config.withObjectProperty("permissions").withArrayProperty(kind);
    rules.path(kind).forEach(known::add);
  }

  private static void verifyRules(ObjectNode rules) throws ProfileException {
    for (String kind : (Iterable<String>) rules::fieldNames) {
      boolean texts = rules.get(kind).isArray();
      for (JsonNode rule : rules.get(kind)) {
        texts &= rule.isTextual();
      }
      if (!RULES.contains(kind) || !texts) {
        throw new ProfileException(
            PERMISSIONS + " has \"allow\" and \"deny\", each a list of texts, and nothing else.",
            null);
      }
    }
  }

  private static Optional<ObjectNode> object(Path file) throws ProfileException {
    Optional<String> text = text(file);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (Json.MAPPER.readTree(text.orElseThrow()) instanceof ObjectNode object) {
        return Optional.of(object);
      }
      throw new ProfileException(file.getFileName() + " is not a JSON object.", null);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new ProfileException(
          "%s is not JSON, in line %d.".formatted(file.getFileName(), line), e);
    }
  }

  private static Optional<String> text(Path file) throws ProfileException {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new ProfileException(
            "%s has more than %d KiB.".formatted(file.getFileName(), MAX_BYTES / 1024), null);
      }
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
          .filter(text -> !text.isEmpty());
    } catch (ProfileException e) {
      throw e;
    } catch (IOException e) {
      throw new ProfileException(file.getFileName() + " cannot be read.", e);
    }
  }
}
