package dev.concert.github.connection;

import dev.concert.github.api.AppIdentity;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a tenant has at a forge: an App of GitHub, or elsewhere the token of a user.
 *
 * @param userId the member who added it: its sessions are that member's
 * @param platform of the forge
 * @param accountId number of the App, or of the user
 * @param account the App's name in URLs, or login of the user
 * @param owner login of the account that owns the App; elsewhere the forge's host
 * @param settings that the member chose
 * @param secrets {@value #WEBHOOK_SECRET}; of an App {@value #PRIVATE_KEY}, and {@value
 *     #CLIENT_SECRET} where people can be linked; of a user {@value #TOKEN}
 * @param createdAt Unix milliseconds
 */
public record ForgeConnection(
    String id,
    String tenantId,
    String userId,
    String platform,
    String name,
    long accountId,
    String account,
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

  /** With which a user works; for forges without Apps. */
  public static final String TOKEN = "token";

  public static final String APP_ID = "appId";
  public static final String CLIENT_ID = "clientId";

  /** The platform whose connections are Apps. */
  public static final String GITHUB = "github";

  /** The settings that all forges have. */
  public static final Set<String> SETTINGS = Set.of("agent", "label", "permissions");

  static final Set<String> SECRETS = Set.of(PRIVATE_KEY, WEBHOOK_SECRET, CLIENT_SECRET, TOKEN);

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

  public boolean isApp() {
    return platform.equals(GITHUB);
  }

  public AppIdentity app() {
    return new AppIdentity(id, accountId, secrets.getOrDefault(PRIVATE_KEY, ""));
  }

  /** The name by which people mention it, without {@code @}. */
  public Set<String> handles() {
    return Set.of("concert", account);
  }

  /** Login of the user who writes our comments. */
  public String bot() {
    return isApp() ? account + "[bot]" : account;
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
    return "ForgeConnection[%s, %s, %s]".formatted(id, tenantId, account);
  }
}
