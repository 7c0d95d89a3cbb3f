/**
 * Access tokens of clouds: a {@code TokenSource} fetches one, {@code TokenAuthorization} keeps it
 * until shortly before its end and puts it into the requests.
 */
package dev.concert.ensemble.provider.oauth;
