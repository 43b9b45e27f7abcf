import '@xyflow/react/dist/base.css';
import './base.css';
import './findings.css';
import './graph.css';
import './tagging.css';
