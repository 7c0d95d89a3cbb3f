package dev.concert.ensemble.provider.vertex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import java.net.URI;
import java.util.Optional;

/** What Google's credential files hold. All of it is secret. */
sealed interface GoogleCredentials {
  /**
   * @param email of the service account
   * @param privateKey PEM
   * @param keyId names the key; may be empty
   */
  record ServiceAccount(String email, String privateKey, String keyId, URI tokenUrl)
      implements GoogleCredentials {
    @Override
    public String toString() {
      return "ServiceAccount[" + email + "]";
    }
  }

  /** A person who has signed in with {@code gcloud auth application-default login}. */
  record User(String clientId, String clientSecret, String refreshToken, URI tokenUrl)
      implements GoogleCredentials {
    @Override
    public String toString() {
      return "User[" + clientId + "]";
    }
  }

  /** Empty if it is not such a file. */
  static Optional<GoogleCredentials> of(String json) {
    JsonNode file;
    URI tokenUrl;
    try {
      file = ExactJson.MAPPER.readTree(json);
      tokenUrl = URI.create(file.path("token_uri").asText("https://oauth2.googleapis.com/token"));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // The exception's message may quote the secret.
      return Optional.empty();
    }
    return switch (file.path("type").asText()) {
      case "service_account" ->
          Optional.of(
              new ServiceAccount(
                  file.path("client_email").asText(),
                  file.path("private_key").asText(),
                  file.path("private_key_id").asText(),
                  tokenUrl));
      case "authorized_user" ->
          Optional.of(
              new User(
                  file.path("client_id").asText(),
                  file.path("client_secret").asText(),
                  file.path("refresh_token").asText(),
                  tokenUrl));
      default -> Optional.empty();
    };
  }
}
