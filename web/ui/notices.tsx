import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';

/** Where short notices appear; loaded after the page is there. */
export default function Notices() {
  return <Notifications position="bottom-right" />;
}
