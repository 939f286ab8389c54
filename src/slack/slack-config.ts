/** The Slack part of the configuration. With an app token Lucy uses Socket Mode and takes no HTTP requests. */
export type SlackConfig = {
  botToken: string;
  signingSecret: string;
  appToken: string | null;
  apiUrl: string;
};
