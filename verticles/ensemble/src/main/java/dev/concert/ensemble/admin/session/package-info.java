/**
 * The page for operators: its files, and the sign-ins by which a browser may use the admin API
 * without keeping the admin key: by that key, or at an OpenID provider ({@code OperatorSignIn}).
 */
package dev.concert.ensemble.admin.session;
