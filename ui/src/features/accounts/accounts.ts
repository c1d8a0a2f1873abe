import * as v from 'valibot';
import { graphql } from '#graph/graphql.ts';

/** Signs in with e-mail and password; the cookie comes with the answer. */
export const logInMutation = graphql(`
  mutation LogIn($email: String!, $password: String!) {
    logIn(input: { email: $email, password: $password, clientKind: BROWSER }) {
      __typename
    }
  }
`);

/** Makes the first administrator and signs in as them. */
export const completeSetupMutation = graphql(`
  mutation CompleteSetup($input: CompleteSetupInput!) {
    completeSetup(input: $input) {
      viewer {
        kind
      }
    }
  }
`);

/** Changes one's own password. */
export const changePasswordMutation = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      user {
        id
      }
    }
  }
`);

/** Turns an invitation into a person who is signed in. */
export const acceptInvitationMutation = graphql(`
  mutation AcceptInvitation($token: String!, $password: String!) {
    acceptInvitation(input: { token: $token, password: $password, clientKind: BROWSER }) {
      viewer {
        kind
      }
    }
  }
`);

/** Sets the password of whose link it is. */
export const resetPasswordMutation = graphql(`
  mutation ResetPassword($token: String!, $password: String!) {
    resetPassword(input: { token: $token, password: $password }) {
      user {
        id
      }
    }
  }
`);

/** A field that holds an e-mail address. */
export const emailSchema = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('Enter your e-mail address.'),
  v.email('This is not an e-mail address.'),
);

/** Shortest password that the console lets through; the server has the last word. */
export const minimumPasswordLength = 12;

const newPassword = v.pipe(
  v.string(),
  v.minLength(minimumPasswordLength, `Use ${minimumPasswordLength} characters or more.`),
  v.maxLength(256, 'Use 256 characters at most.'),
);

/** What the form for another password must hold. */
export const changePasswordSchema = v.object({
  currentPassword: v.pipe(v.string(), v.nonEmpty('Enter your current password.')),
  newPassword,
});

/** What the form behind a one-time link must hold. */
export const choosePasswordSchema = v.object({ password: newPassword });

/** What the sign-in form must hold. */
export const logInSchema = v.object({
  email: emailSchema,
  password: v.pipe(v.string(), v.nonEmpty('Enter your password.')),
});

/** What the set-up form must hold. */
export const setupSchema = v.object({
  secret: v.pipe(v.string(), v.trim(), v.nonEmpty('Paste the set-up secret that the server printed.')),
  name: v.pipe(v.string(), v.trim(), v.nonEmpty('Enter your name.'), v.maxLength(200, 'Use 200 characters at most.')),
  email: emailSchema,
  password: newPassword,
  organizationName: v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty('Enter the name of your organization.'),
    v.maxLength(200, 'Use 200 characters at most.'),
  ),
});
