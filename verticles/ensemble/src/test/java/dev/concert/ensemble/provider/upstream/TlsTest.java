package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.Dialects;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final String PASSWORD = "changeit";

  @Test
  void refusesAServerNobodyVouchesFor(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("self-signed.p12");
    makeCertificate(store);
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        RunningEnsemble.await(
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                            new PfxOptions().setPath(store.toString()).setPassword(PASSWORD)))
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
    ProviderOptions options = Upstream.options("https://localhost:" + server.actualPort() + "/v1");
    HttpProvider provider = new HttpProvider(vertx, options, Dialects.of(options));
    Promise<Object> outcome = Promise.promise();

    vertx.runOnContext(
        now ->
            provider
                .start(provider.models().getFirst(), CircuitBreakerTest.REQUEST, block -> {})
                .outcome()
                .<Object>mapEmpty()
                .onComplete(outcome));

    assertThatThrownBy(() -> RunningEnsemble.await(outcome.future()))
        .isInstanceOfSatisfying(
            ConcertException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PROVIDER_FAILED))
        .hasCauseInstanceOf(SSLHandshakeException.class);
    RunningEnsemble.await(vertx.close());
  }

  private static void makeCertificate(Path store) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        List.of(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            "test",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    assertThat(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start()
                .waitFor())
        .isZero();
  }
}
