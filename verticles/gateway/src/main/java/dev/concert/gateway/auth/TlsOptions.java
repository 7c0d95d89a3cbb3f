package dev.concert.gateway.auth;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * The gateway's own TLS: section {@code gateway.tls} of the configuration.
 *
 * @param certificate a PEM file: the server's certificate and those of its chain
 * @param key a PEM file: its private key, PKCS 8, without a password
 */
public record TlsOptions(Path certificate, Path key) {

  /**
   * Empty where neither file is named.
   *
   * @throws ConfigException when only one is
   */
  public static Optional<TlsOptions> from(ConfigReader section) {
    Optional<Path> certificate = section.optionalPath("certificate");
    Optional<Path> key = section.optionalPath("key");
    section.refuseUnknown();
    if (certificate.isPresent() != key.isPresent()) {
      throw new ConfigException(
          "gateway.tls", "gateway.tls.certificate and gateway.tls.key must be set together.");
    }
    return certificate.map(file -> new TlsOptions(file, key.orElseThrow()));
  }

  /**
   * Blocking: reads the files.
   *
   * @throws ConfigException where nobody could connect with them
   */
  public void verify(Instant now) {
    try (InputStream in = Files.newInputStream(certificate)) {
      X509Certificate own =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (own.getNotAfter().toInstant().isBefore(now)) {
        throw new ConfigException(
            "gateway.tls.certificate",
            "gateway.tls.certificate ended at %s: get a new certificate."
                .formatted(own.getNotAfter().toInstant()));
      }
    } catch (IOException | CertificateException e) {
      throw new ConfigException(
          "gateway.tls.certificate",
          "gateway.tls.certificate must be a PEM file with a certificate, which this user can"
              + " read.");
    }
    try {
      if (!Files.readString(key).contains("PRIVATE KEY-----")) {
        throw noKey();
      }
    } catch (IOException e) {
      throw noKey();
    }
  }

  private static ConfigException noKey() {
    return new ConfigException(
        "gateway.tls.key",
        "gateway.tls.key must be a PEM file with a private key, which this user can read.");
  }
}
