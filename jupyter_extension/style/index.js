import './base.css';
import './tagging.css';
