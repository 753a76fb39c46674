/** Characters of a new password; NIST SP 800-63B wants at least 8 of a password that is not alone. */
export const LEAST_PASSWORD = 12;
export const MOST_PASSWORD = 200;
