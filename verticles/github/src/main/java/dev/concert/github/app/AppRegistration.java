package dev.concert.github.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.GitHubAccountMessages.AppBegun;
import dev.concert.bridge.GitHubAccountMessages.AppConnected;
import dev.concert.bridge.GitHubAccountMessages.BeginApp;
import dev.concert.bridge.GitHubAccountMessages.CompleteApp;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.app.AttemptBook.Begun;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.ForgeConnectionAdmin;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Has GitHub make an App from a manifest: a browser takes the manifest there, and comes back with a
 * code, for which GitHub gives the App's secrets once. On one context.
 */
public final class AppRegistration {
  private static final int ID_BYTES = 16;
  private static final int NAME_DIGITS = 4;
  private static final String ORGANIZATION = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?";

  /** GitHub's codes are hexadecimal; nothing else goes into a path. */
  private static final String CODE = "[A-Za-z0-9_-]{1,512}";

  private final ForgeClient client;
  private final ForgeConnectionAdmin connections;
  private final URI web;
  private final Optional<String> page;
  private final InstantSource clock;
  private final AttemptBook<String> attempts;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param web GitHub's pages, without a final slash
   * @param page where people find Concert's page, without a final slash
   */
  public AppRegistration(
      ForgeClient client,
      ForgeConnectionAdmin connections,
      URI web,
      Optional<String> page,
      InstantSource clock) {
    this.client = client;
    this.connections = connections;
    this.web = web;
    this.page = page;
    this.clock = clock;
    this.attempts = new AttemptBook<>(clock);
  }

  /** What a browser has to post to GitHub. */
  public Future<AppBegun> begin(BeginApp wanted) {
    if (page.isEmpty()) {
      return refused(
          "GitHub has to know where this server is. Set the key github.publicUrl, and start it"
              + " again.");
    }
    if (!wanted.organization().isEmpty() && !wanted.organization().matches(ORGANIZATION)) {
      return refused("GitHub has no organization of this name.");
    }
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    String owner = wanted.organization().isEmpty() ? "" : "/organizations/" + wanted.organization();
    Begun begun;
    try {
      begun = attempts.begin(wanted.tenantId(), wanted.userId(), id);
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
    QueryStringEncoder url = new QueryStringEncoder(web + owner + "/settings/apps/new");
    url.addParam("state", begun.state());
    return Future.succeededFuture(
        new AppBegun(
            url.toString(),
            new AppManifest(page.get(), "Concert " + id.substring(0, NAME_DIGITS), id).toJson(),
            begun.end().toEpochMilli()));
  }

  /** Takes over the App that GitHub made. */
  public Future<AppConnected> complete(CompleteApp wanted) {
    if (!wanted.code().matches(CODE)) {
      return refused("This is no code of GitHub.");
    }
    String id;
    try {
      id = attempts.end(wanted.tenantId(), wanted.userId(), wanted.state());
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
    return client
        .write(
            ApiCaller.anybody("manifest:" + wanted.tenantId()),
            HttpMethod.POST,
            "/app-manifests/" + wanted.code() + "/conversions",
            MissingNode.getInstance())
        .map(made -> connection(id, wanted, made))
        .compose(
            connection -> connections.take(connection).map(bridge -> connected(connection, bridge)))
        .recover(
            failure ->
                ForgeException.is(failure, 404)
                    ? refused("GitHub does not know this code any more. Begin again.")
                    : Future.failedFuture(ForgeException.atEdge(failure)));
  }

  private ForgeConnection connection(String id, CompleteApp wanted, JsonNode made) {
    String appId = made.path("id").asText();
    return new ForgeConnection(
        id,
        wanted.tenantId(),
        wanted.userId(),
        ForgeConnection.GITHUB,
        made.path("name").asText(),
        made.path("id").asLong(),
        made.path("slug").asText(),
        made.path("owner").path("login").asText(),
        Map.of(
            ForgeConnection.APP_ID,
            appId,
            ForgeConnection.CLIENT_ID,
            made.path("client_id").asText()),
        Map.of(
            ForgeConnection.PRIVATE_KEY, made.path("pem").asText(),
            ForgeConnection.WEBHOOK_SECRET, made.path("webhook_secret").asText(),
            ForgeConnection.CLIENT_SECRET, made.path("client_secret").asText()),
        clock.millis());
  }

  private AppConnected connected(ForgeConnection app, Bridge bridge) {
    return new AppConnected(bridge, web + "/apps/" + app.account() + "/installations/new");
  }

  private static <T> Future<T> refused(String sentence) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, sentence));
  }
}
