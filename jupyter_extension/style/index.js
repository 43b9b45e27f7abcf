import '@xyflow/react/dist/base.css';
import './base.css';
import './findings.css';
import './graph.css';
import './history.css';
import './run.css';
import './runForm.css';
import './tagging.css';
