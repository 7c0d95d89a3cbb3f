package dev.concert.github.broker;

import dev.concert.github.api.RepositoryName;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a broker passes git on: a forge, for the work in one repository. On one context. */
public interface GitUpstream {
  /**
   * What git says there.
   *
   * @param token a secret
   */
  record Login(String user, String token) {
    /** For the header {@code Authorization}; a secret. */
    String basic() {
      return "Basic "
          + Base64.getEncoder()
              .encodeToString((user + ":" + token).getBytes(StandardCharsets.UTF_8));
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /** Where repositories are, without a final slash. */
  URI web();

  /** With what a request about a repository is made. */
  Future<Login> login(RepositoryName repository, boolean isPush);

  /** The forge did not take what {@link #login} gave. */
  void refused();

  /** Whether the forge has both commits, and the newer one goes on from the older. */
  Future<Boolean> isAncestor(String older, String newer);
}
