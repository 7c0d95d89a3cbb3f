package dev.concert.ensemble.config;

import dev.concert.foundation.openid.OpenIdOptions;
import java.util.Set;

/**
 * Lets operators sign in at an OpenID provider.
 *
 * @param provider with the client of the operators' page
 * @param claim of the ID token, a text or a list of texts, that says who is an operator
 * @param values of which the claim must have one
 */
public record OperatorSignInOptions(OpenIdOptions provider, String claim, Set<String> values) {
  public OperatorSignInOptions {
    values = Set.copyOf(values);
  }
}
