package dev.concert.gateway.member;

import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.util.concurrent.TimeUnit;

/** Makes clients of the operator's mail server. */
final class SmtpClients {
  /** Mails that are on their way at once; more wait. */
  private static final int MAX_CONNECTIONS = 4;

  /** Those that take a user and a password. */
  private static final String SIGN_INS = "CRAM-MD5 PLAIN LOGIN";

  private SmtpClients() {}

  static MailClient create(Vertx vertx, MailOptions options) {
    return MailClient.create(vertx, config(options));
  }

  private static MailConfig config(MailOptions options) {
    MailConfig config =
        new MailConfig(options.host(), options.port())
            .setMaxPoolSize(MAX_CONNECTIONS)
            .setAuthMethods(SIGN_INS)
            .setKeepAlive(false)
            .setSsl(options.tls() == MailOptions.Tls.ALWAYS)
            .setStarttls(
                options.tls() == MailOptions.Tls.STARTTLS
                    ? StartTLSOptions.REQUIRED
                    : StartTLSOptions.DISABLED)
            .setLogin(options.user().isPresent() ? LoginOption.REQUIRED : LoginOption.NONE);
    config.setConnectTimeout((int) options.timeout().toMillis());
    config.setIdleTimeout((int) options.timeout().toMillis());
    config.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    config.setHostnameVerificationAlgorithm("HTTPS");
    options.user().ifPresent(config::setUsername);
    options.password().ifPresent(config::setPassword);
    return config;
  }
}
