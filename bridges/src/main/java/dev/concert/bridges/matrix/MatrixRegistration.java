package dev.concert.bridges.matrix;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a homeserver knows of an application service, as its registration file says it.
 *
 * @param asToken by which it knows us
 * @param hsToken by which we know it
 */
public record MatrixRegistration(String asToken, String hsToken) {
  private static final int TOKEN_BYTES = 32;
  private static final int ID_BYTES = 16;

  /** The bot, and names that later users of ours may have. */
  private static final String USERS = "@concert(_[a-z0-9._=/-]+)?:.+";

  /** With new tokens. */
  public static MatrixRegistration create() {
    SecureRandom random = new SecureRandom();
    return new MatrixRegistration(token(random), token(random));
  }

  private static String token(SecureRandom random) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * The id of the connection with these tokens. It is known before the homeserver knows them, since
   * the registration names the address of the connection; who does not know the tokens cannot guess
   * it.
   */
  public String connectionId() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  ("matrix %s %s".formatted(asToken, hsToken)).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }

  /**
   * The content of the file, in its order.
   *
   * @param url of the connection's webhooks, as the homeserver reaches it
   */
  public Map<String, Object> content(String url) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("id", "concert-" + connectionId().substring(0, 8));
    content.put("url", url);
    content.put("as_token", asToken);
    content.put("hs_token", hsToken);
    content.put("sender_localpart", "concert");
    content.put("rate_limited", false);
    content.put("namespaces", Map.of("users", List.of(Map.of("exclusive", true, "regex", USERS))));
    return content;
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "MatrixRegistration[%s]".formatted(connectionId());
  }
}
