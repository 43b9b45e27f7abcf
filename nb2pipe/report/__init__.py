"""What a person looks at: pictures of a pipeline as text, Mermaid and SVG, the HTML report, and JUnit XML."""
