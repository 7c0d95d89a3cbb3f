package dev.concert.github.broker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.github.api.RepositoryName;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files of Git LFS are, as the forge said. All of it is secret. The oldest are forgotten.
 * On one context.
 */
final class LargeFileAddresses {
  private static final int MOST = 10_000;
  private static final String AUTHORIZATION = "Authorization";

  /** What an address is for; the actions of the batch API. */
  enum Use {
    DOWNLOAD,
    UPLOAD,
    VERIFY;

    String action() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Key(String holder, RepositoryName repository, String object, Use use) {}

  /**
   * Where a file is read or written.
   *
   * @param forge that named it, without a final slash
   * @param url a secret
   * @param headers secrets
   * @param size of the file, in bytes
   */
  record Address(URI forge, String url, Map<String, String> headers, long size) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "Address[" + forge + "]";
    }
  }

  private final Map<Key, Address> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Address> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Keeps what the forge said of a file.
   *
   * @param said with {@code href} and {@code header}
   * @param isAuthenticated whether the address needs no login beside itself
   * @param login for the forge, a secret; it goes nowhere else
   */
  void put(
      LargeFileQuestion of,
      String object,
      Use use,
      JsonNode said,
      boolean isAuthenticated,
      String login) {
    Map<String, String> headers = new HashMap<>();
    said.path("header")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    String url = said.path("href").asText();
    boolean hasLogin = headers.keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase);
    if (!isAuthenticated && !hasLogin && LargeFileHosts.isForge(of.forge(), url)) {
      headers.put(AUTHORIZATION, login);
    }
    long size = of.sizes().getOrDefault(object, 0L);
    known.put(
        new Key(of.holder(), of.repository(), object, use),
        new Address(of.forge(), url, headers, size));
  }

  /** An address that this holder of a grant was given. */
  Optional<Address> find(String holder, RepositoryName repository, String object, Use use) {
    return Optional.ofNullable(known.get(new Key(holder, repository, object, use)));
  }
}
