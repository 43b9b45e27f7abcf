import './base.css';
import './history.css';
import './run.css';
import './runForm.css';
import './tagging.css';
