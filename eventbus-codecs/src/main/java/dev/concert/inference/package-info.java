/** Messages to and from Ensemble: access tokens of instances, and usage reports. */
package dev.concert.inference;
