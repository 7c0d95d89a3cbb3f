package dev.concert.github.connection;

import dev.concert.github.api.AppIdentity;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An App of a tenant.
 *
 * @param userId the member who added it: its sessions are that member's
 * @param slug the App's name in URLs; its bot is {@code SLUG[bot]}
 * @param owner login of the account that owns the App
 * @param settings that the member chose
 * @param secrets {@value #PRIVATE_KEY}, {@value #WEBHOOK_SECRET}, and {@value #CLIENT_SECRET} where
 *     people can be linked
 * @param createdAt Unix milliseconds
 */
public record GitHubConnection(
    String id,
    String tenantId,
    String userId,
    String name,
    long appId,
    String slug,
    String owner,
    Map<String, String> settings,
    Map<String, String> secrets,
    long createdAt) {
  /** The key that GitHub made for the App. */
  public static final String PRIVATE_KEY = "privateKey";

  /** What webhooks are signed with. */
  public static final String WEBHOOK_SECRET = "webhookSecret";

  /** With which the App has people say who they are; together with {@link #CLIENT_ID}. */
  public static final String CLIENT_SECRET = "clientSecret";

  public static final String APP_ID = "appId";
  public static final String CLIENT_ID = "clientId";
  static final Set<String> SETTINGS =
      Set.of(APP_ID, CLIENT_ID, "agent", "label", "owners", "permissions");

  /**
   * The App as OAuth has it.
   *
   * @param secret of the client
   */
  public record OAuthIdentity(String clientId, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "OAuthIdentity[" + clientId + "]";
    }
  }

  /** Empty where the App was connected without its client secret. */
  public Optional<OAuthIdentity> oauth() {
    String id = settings.getOrDefault(CLIENT_ID, "");
    String secret = secrets.getOrDefault(CLIENT_SECRET, "");
    return id.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new OAuthIdentity(id, secret));
  }

  public AppIdentity app() {
    return new AppIdentity(id, appId, secrets.getOrDefault(PRIVATE_KEY, ""));
  }

  /** The name by which people mention it, without {@code @}. */
  public Set<String> handles() {
    return Set.of("concert", slug);
  }

  public String bot() {
    return slug + "[bot]";
  }

  /** The label that starts work. */
  public String label() {
    return settings.getOrDefault("label", "concert");
  }

  public Optional<String> agent() {
    return Optional.ofNullable(settings.get("agent"));
  }

  /** Whether agents get the permissions that they ask for; otherwise they do without. */
  public boolean allowsTools() {
    return settings.getOrDefault("permissions", "deny").equals("allow");
  }

  /** Whether people are asked on the issue for the permissions that agents want. */
  public boolean asksPeople() {
    return settings.getOrDefault("permissions", "deny").equals("ask");
  }

  /** Whether repositories of this account are served. A stranger may install a public App. */
  public boolean serves(String account) {
    Set<String> served = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    served.add(owner);
    Arrays.stream(settings.getOrDefault("owners", "").split(","))
        .flatMap(one -> Stream.of(one.strip()))
        .filter(one -> !one.isEmpty())
        .forEach(served::add);
    return served.contains(account);
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "GitHubConnection[%s, %s, %s]".formatted(id, tenantId, slug);
  }
}
