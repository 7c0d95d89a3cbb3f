package dev.concert.ensemble.config;

import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.CloudAccess.EntraApplication;
import dev.concert.ensemble.provider.upstream.ProviderType;
import dev.concert.foundation.config.ConfigReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a provider of a cloud needs beside a key. Where the configuration is silent, the
 * variables of the cloud's own SDK count.
 */
final class CloudConfig {
  private static final String METADATA = "http://metadata.google.internal";

  private final ConfigReader section;
  private final Map<String, String> environment;

  CloudConfig(ConfigReader section, Map<String, String> environment) {
    this.section = section;
    this.environment = environment;
  }

  /** Empty for a provider that is no cloud. */
  Optional<CloudAccess> read(ProviderType type) {
    return switch (type) {
      case BEDROCK -> Optional.of(aws());
      case VERTEX -> Optional.of(google());
      case AZURE -> Optional.of(azure());
      case OPENAI_COMPATIBLE, ANTHROPIC, OPENAI, GEMINI, XAI, OPENROUTER -> Optional.empty();
    };
  }

  /** The same access for an endpoint of the provider, which may be in another place. */
  CloudAccess elsewhere(CloudAccess cloud) {
    return switch (cloud) {
      case CloudAccess.Aws aws ->
          new CloudAccess.Aws(
              name("region", section.text("region", aws.region())),
              section.optionalText("profile").or(aws::profile),
              aws.api());
      case CloudAccess.Google google ->
          new CloudAccess.Google(
              name("project", section.text("project", google.project())),
              name("location", section.text("location", google.location())),
              section.optionalText("credentialsFile").map(Path::of).or(google::credentials),
              google.metadata(),
              google.api());
      case CloudAccess.Azure azure -> azure;
    };
  }

  /** The variable that holds the key if the configuration names none; empty if no key is needed. */
  Optional<String> usualKeyVariable(CloudAccess cloud) {
    return switch (cloud) {
      case CloudAccess.Aws aws ->
          Optional.of("AWS_BEARER_TOKEN_BEDROCK").filter(name -> variable(name).isPresent());
      case CloudAccess.Google google -> Optional.empty();
      case CloudAccess.Azure azure ->
          Optional.of(azure.entra().isPresent() ? "AZURE_CLIENT_SECRET" : "AZURE_OPENAI_API_KEY");
    };
  }

  /**
   * The URL to which the paths of this cloud are appended.
   *
   * @param given the server by the configuration
   */
  URI baseUrl(CloudAccess cloud, Optional<URI> given) {
    return switch (cloud) {
      case CloudAccess.Aws aws -> given.orElseGet(() -> URI.create(bedrock(aws.region())));
      case CloudAccess.Google google ->
          URI.create(
              withoutEnd(given.map(URI::toString).orElseGet(() -> vertex(google.location())))
                  + "/v1/projects/%s/locations/%s".formatted(google.project(), google.location()));
      case CloudAccess.Azure azure ->
          URI.create(
              withoutEnd(
                      given
                          .map(URI::toString)
                          .or(() -> variable("AZURE_OPENAI_ENDPOINT"))
                          .orElseGet(() -> section.url("baseUrl").toString()))
                  .replaceFirst("/openai(/v1)?$", ""));
    };
  }

  private static String bedrock(String region) {
    String domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return "https://bedrock-runtime.%s.%s".formatted(region, domain);
  }

  /** {@code us} and {@code eu} are several regions. */
  private static String vertex(String location) {
    return switch (location) {
      case "global" -> "https://aiplatform.googleapis.com";
      case "us", "eu" -> "https://aiplatform.%s.rep.googleapis.com".formatted(location);
      default -> "https://%s-aiplatform.googleapis.com".formatted(location);
    };
  }

  private static String withoutEnd(String url) {
    return url.replaceAll("/+$", "");
  }

  private CloudAccess.Aws aws() {
    String region =
        value("region", "AWS_REGION")
            .or(() -> variable("AWS_DEFAULT_REGION"))
            .orElseThrow(
                () -> section.wrong("region", "must be set, for example us-east-1, or AWS_REGION"));
    return new CloudAccess.Aws(
        name("region", region),
        section.optionalText("profile"),
        api(List.of("messages", "converse")));
  }

  private CloudAccess.Google google() {
    String project =
        value("project", "GOOGLE_CLOUD_PROJECT")
            .orElseThrow(
                () ->
                    section.wrong("project", "must be set, or the variable GOOGLE_CLOUD_PROJECT"));
    String metadata = variable("GCE_METADATA_HOST").map(host -> "http://" + host).orElse(METADATA);
    return new CloudAccess.Google(
        name("project", project),
        name("location", value("location", "GOOGLE_CLOUD_LOCATION").orElse("global")),
        value("credentialsFile", "GOOGLE_APPLICATION_CREDENTIALS").map(Path::of),
        section.optionalUrl("metadataUrl").orElseGet(() -> URI.create(metadata)),
        api(List.of("messages", "gemini")));
  }

  private CloudAccess.Azure azure() {
    return new CloudAccess.Azure(
        section.optionalText("apiVersion"),
        section.has("entra") ? Optional.of(entra(section.section("entra"))) : Optional.empty(),
        api(List.of("chat", "responses")));
  }

  private EntraApplication entra(ConfigReader entra) {
    CloudConfig names = new CloudConfig(entra, environment);
    return new EntraApplication(
        entra
            .optionalUrl("authority")
            .orElseGet(() -> URI.create("https://login.microsoftonline.com")),
        names.name("tenant", names.needed("tenant", "AZURE_TENANT_ID")),
        names.needed("clientId", "AZURE_CLIENT_ID"),
        entra.text("scope", "https://cognitiveservices.azure.com/.default"));
  }

  private String needed(String key, String variable) {
    return value(key, variable)
        .orElseThrow(() -> section.wrong(key, "must be set, or the variable " + variable));
  }

  private Optional<String> api(List<String> known) {
    Optional<String> api = section.optionalText("api");
    if (api.isPresent() && !known.contains(api.get())) {
      throw section.wrong("api", "must be one of " + String.join(", ", known));
    }
    return api;
  }

  /** It becomes a part of a URL. */
  private String name(String key, String text) {
    if (!text.matches("[A-Za-z0-9][A-Za-z0-9._:-]*")) {
      throw section.wrong(key, "must be a name of letters, digits, hyphens and dots");
    }
    return text;
  }

  private Optional<String> value(String key, String variable) {
    return section.optionalText(key).or(() -> variable(variable));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
