/**
 * How an App of GitHub comes to a tenant: {@link dev.concert.github.app.AppRegistration} has GitHub
 * make one from an {@link dev.concert.github.app.AppManifest}. An {@link
 * dev.concert.github.app.AttemptBook} has what people began at GitHub and did not end yet.
 */
package dev.concert.github.app;
