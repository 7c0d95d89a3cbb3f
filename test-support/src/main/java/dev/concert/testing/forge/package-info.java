/**
 * Other forges than GitHub, played in their wire format. A {@link
 * dev.concert.testing.forge.PlayedForge} has one repository; {@link
 * dev.concert.testing.forge.FakeGitLab} and {@link dev.concert.testing.forge.FakeGitea} show it as
 * theirs, and refuse what those refuse.
 */
package dev.concert.testing.forge;
