/**
 * Who the members of tenants are on GitHub. {@link dev.concert.github.member.MemberLinks} lets a
 * member show it, in a browser or on another device; {@link dev.concert.github.member.MemberTokens}
 * keeps their tokens good, and {@link dev.concert.github.member.InstallationBinder} gives a tenant
 * the installations that an admin's token lists. The {@link dev.concert.github.member.AccountStore}
 * has links and installations; {@link dev.concert.github.member.OAuthCalls} speaks OAuth.
 */
package dev.concert.github.member;
