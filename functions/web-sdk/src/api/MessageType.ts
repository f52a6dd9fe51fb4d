export enum MessageType {
  Text = 1,
  Html = 2,
  Location = 3,
  Image = 4,
  Video = 5,
  Contact = 6,
  Document = 7,
}
