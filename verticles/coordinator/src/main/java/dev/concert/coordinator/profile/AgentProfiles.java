package dev.concert.coordinator.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.foundation.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where profiles are. Read anew for each agent that starts.
 *
 * @param folder holds {@code TENANT} for everybody of a tenant and {@code TENANT/USER} for one user
 * @param personal the profile of the person whose machine this is; it holds for every session
 */
public record AgentProfiles(Optional<Path> folder, Optional<Path> personal) {
  public static final AgentProfiles NONE = new AgentProfiles(Optional.empty(), Optional.empty());

  /** Ids of providers have these signs; a name with others has no folder, and leads to none. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@|:+-][A-Za-z0-9._@|:+-]{0,199}");

  /** Reads {@code profiles} and {@code personalProfile}, both paths that may be left out. */
  public static AgentProfiles from(ConfigReader section) {
    return new AgentProfiles(path(section, "profiles"), path(section, "personalProfile"));
  }

  private static Optional<Path> path(ConfigReader section, String key) {
    return section.optionalPath(key).map(Path::toAbsolutePath).map(Path::normalize);
  }

  /**
   * Adds to an agent's configuration what its tenant, then what its user wants. Instructions and
   * rules of all of them hold; a server that an earlier one names is not replaced by a later one.
   * Blocks.
   *
   * @throws ProfileException when a file is no profile's; then nothing may start, because a rule
   *     that forbids something may be among what cannot be read
   */
  public void addTo(ObjectNode config, String tenantId, String userId) throws ProfileException {
    for (Path profile : of(tenantId, userId)) {
      ProfileFiles.of(profile).addTo(config);
    }
  }

  /** Adds a text to what the agent is told. */
  public static void addInstructions(ObjectNode config, String text) {
    String before = config.path("user_instructions").asText("");
    config.put("user_instructions", before.isEmpty() ? text : before + "\n\n" + text);
  }

  private List<Path> of(String tenantId, String userId) {
    Optional<Path> tenant =
        folder.filter(any -> isName(tenantId)).map(all -> all.resolve(tenantId));
    Optional<Path> user = tenant.filter(any -> isName(userId)).map(all -> all.resolve(userId));
    return Stream.of(tenant, user, personal).flatMap(Optional::stream).toList();
  }

  private static boolean isName(String id) {
    return id != null && NAME.matcher(id).matches();
  }

  /**
   * A file of a profile cannot be used; the message names the file, without its folder, and says
   * why.
   */
  public static final class ProfileException extends IOException {
    private static final long serialVersionUID = 1L;

    ProfileException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
