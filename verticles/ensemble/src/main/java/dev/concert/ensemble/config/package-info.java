/**
 * The configuration section {@code ensemble}: {@code EnsembleOptions} is what it means; a class
 * ending in {@code Config} reads a part of it; {@code EnvironmentProviders} finds providers whose
 * key is in the environment.
 */
package dev.concert.ensemble.config;
