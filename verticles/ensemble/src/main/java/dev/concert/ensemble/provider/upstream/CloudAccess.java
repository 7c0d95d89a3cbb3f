package dev.concert.ensemble.provider.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** How the models of a cloud are reached, beside the URL. */
public sealed interface CloudAccess {
  /**
   * The API of its models, if the configuration says so; empty: each model's name tells.
   *
   * @return {@code messages}, {@code converse}, {@code gemini}, {@code chat} or {@code responses}
   */
  Optional<String> api();

  /**
   * Amazon Bedrock. Without a key the credentials come from where Amazon's SDK looks for them.
   *
   * @param region whose name is a part of each signature
   * @param profile the section of Amazon's credential files; empty: the usual one
   */
  record Aws(String region, Optional<String> profile, Optional<String> api)
      implements CloudAccess {}

  /**
   * Google Vertex AI.
   *
   * @param credentials the file of a service account or of {@code gcloud}; empty: the metadata
   *     server of the machine
   * @param metadata the address of the metadata server
   */
  record Google(
      String project,
      String location,
      Optional<Path> credentials,
      URI metadata,
      Optional<String> api)
      implements CloudAccess {}

  /**
   * Azure OpenAI.
   *
   * @param apiVersion empty: the surface {@code /openai/v1}, which needs none
   * @param entra an application that signs in instead of a key
   */
  record Azure(Optional<String> apiVersion, Optional<EntraApplication> entra, Optional<String> api)
      implements CloudAccess {}

  /**
   * An application of Microsoft Entra ID, which signs in with the secret that is the provider's
   * key.
   *
   * @param authority the sign-in server
   * @param scope what the token is for
   */
  record EntraApplication(URI authority, String tenant, String client, String scope) {}
}
