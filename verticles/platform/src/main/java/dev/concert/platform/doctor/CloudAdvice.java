package dev.concert.platform.doctor;

import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.error.ErrorCode;

/** What to do about an access to a cloud's models that does not work. */
final class CloudAdvice {
  private CloudAdvice() {}

  /**
   * @param said what Ensemble says of the call
   */
  static String of(ProviderOptions provider, ErrorCode code, String said) {
    return switch (provider.cloud().orElseThrow()) {
      case CloudAccess.Aws aws -> ofAmazon(aws, code, said);
      case CloudAccess.Google google -> ofGoogle(google, code, said);
      case CloudAccess.Azure azure -> ofAzure(provider, azure, code, said);
    };
  }

  private static String ofAmazon(CloudAccess.Aws aws, ErrorCode code, String said) {
    if (code == ErrorCode.PROVIDER_AUTH) {
      if (said.contains("no credentials")) {
        return "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK, or"
            + " name a profile of ~/.aws (profile: NAME)";
      }
      if (said.contains("expired")) {
        return "get new temporary credentials (aws sso login), and set AWS_SESSION_TOKEN with them";
      }
      if (said.contains("does not let")) {
        return "allow bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream in %s to this identity, and request access to the model in Bedrock's console"
            .formatted(aws.region());
      }
      return "check that access key, secret and session token belong together, and that the region '%s' is right"
          .formatted(aws.region());
    }
    return isOfTheModel(code)
        ? "check `upstreamId` and the region '%s': not every model is in every region, and newer ones need the id of an inference profile (us.anthropic.…)"
            .formatted(aws.region())
        : reach("the region '" + aws.region() + "'");
  }

  private static String ofGoogle(CloudAccess.Google google, ErrorCode code, String said) {
    if (code == ErrorCode.PROVIDER_AUTH) {
      if (said.contains("not those of")) {
        return "set GOOGLE_APPLICATION_CREDENTIALS (or `credentialsFile`) to the JSON key of a"
            + " service account, or run: gcloud auth application-default login";
      }
      return said.contains("expired") || said.contains("invalid_grant")
          ? "the sign-in has ended: run gcloud auth application-default login, or make a new key of"
              + " the service account"
          : "give the account the role Vertex AI User in the project '%s', and enable the API aiplatform.googleapis.com there"
              .formatted(google.project());
    }
    if (said.contains("signs in")) {
      return "set GOOGLE_APPLICATION_CREDENTIALS (or `credentialsFile`): this machine is not in"
          + " Google's cloud, which would have credentials of its own";
    }
    return isOfTheModel(code)
        ? "check `upstreamId`, the project '%s' and the location '%s': not every model is in every location, and Model Garden has to enable Claude"
            .formatted(google.project(), google.location())
        : reach("the location '" + google.location() + "'");
  }

  private static String ofAzure(
      ProviderOptions provider, CloudAccess.Azure azure, ErrorCode code, String said) {
    if (code == ErrorCode.PROVIDER_AUTH) {
      String variable = provider.keyVariable().orElse("AZURE_OPENAI_API_KEY");
      if (said.contains("has no key") || said.contains("has no secret")) {
        return "set " + variable;
      }
      return azure.entra().isPresent()
          ? "make a new secret of the application (%s), and give it the role Cognitive Services OpenAI User"
              .formatted(variable)
          : "check that the key in %s is one of the resource at %s: each resource has its own keys"
              .formatted(variable, provider.baseUrl().getHost());
    }
    return isOfTheModel(code)
        ? "check that `upstreamId` is the name of a deployment (not of a model) of the resource,"
            + " and that apiVersion is known there"
        : reach("AZURE_OPENAI_ENDPOINT (or `baseUrl`)");
  }

  private static boolean isOfTheModel(ErrorCode code) {
    return code == ErrorCode.MODEL_UNKNOWN || code == ErrorCode.PROVIDER_REJECTED;
  }

  private static String reach(String place) {
    return "check " + place + " and the way there (HTTPS_PROXY); if both are right, try again";
  }
}
