/**
 * The contract of providers: a {@code Provider} serves models and starts a {@code ProviderCall},
 * which ends with a {@code ProviderOutcome}. A {@code BuiltInProvider} comes with the installation,
 * such as the demo model.
 */
package dev.concert.ensemble.provider;
