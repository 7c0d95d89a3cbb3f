/**
 * Reads the configuration.
 *
 * <p>A <b>section</b> is a mapping of names to values; each service has one in {@code
 * concert.yaml}. A <b>setting</b> is one value in it; its name is a path such as {@code
 * ensemble.providers[0].name}. {@link dev.concert.foundation.config.ConfigFile} reads YAML, {@link
 * dev.concert.foundation.config.ConfigReader} reads the settings of one section and refuses what no
 * code reads, and {@link dev.concert.foundation.config.ConfigReload} notices changed files.
 */
package dev.concert.foundation.config;
