/** The agent whose seat the bots take, as GWS describes it after log-in. */
export interface Agent {
  /** The user's identifier in GWS: what `StartChatConsultation` and `Transfer` of a colleague would name. */
  readonly id: string;
  /** The login. */
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The name that customers see in the chat. */
  readonly nickname: string;
}
