using UnityEditor;
using UnityEngine;

namespace Sentio.EditorTools
{
    /// <summary>Monitor window: values with uncertainty, modalities, latency and message rates; sends
    /// markers.</summary>
    public sealed class MonitorWindow : EditorWindow
    {
        private const double RepaintSeconds = 0.1;

        private MonitorSource _source;
        private readonly MonitorView _view = new MonitorView();
        private string _marker = "moment";
        private double _painted;

        /// <summary>Opens it.</summary>
        [MenuItem("Window/Sentio/Monitor")]
        public static void Open() { GetWindow<MonitorWindow>("Sentio"); }

        private void OnEnable()
        {
            titleContent = new GUIContent("Sentio");
            minSize = new Vector2(320, 400);
            _source = new MonitorSource(() => EditorApplication.timeSinceStartup);
            EditorApplication.update += Tick;
        }

        // Also called before scripts are reloaded, so that no thread outlives its domain.
        private void OnDisable()
        {
            EditorApplication.update -= Tick;
            _source.Dispose();
        }

        private void Tick()
        {
            double now = EditorApplication.timeSinceStartup;
            if (EditorApplication.isPlaying) _source.Follow(_source.Feed ? _source.Feed : Object.FindAnyObjectByType<SentioFeed>());
            else if (!ReferenceEquals(_source.Feed, null)) _source.Dispose();
            _source.Poll();
            _view.Note(now, _source.Frame);
            if (now - _painted < RepaintSeconds) return;
            _painted = now;
            Repaint();
        }

        private void OnGUI()
        {
            if (!EditorApplication.isPlaying) DrawConnection();
            _view.Draw(_source, EditorApplication.timeSinceStartup);
            EditorGUILayout.BeginHorizontal();
            _marker = EditorGUILayout.TextField("Marker", _marker);
            if (GUILayout.Button("Mark", GUILayout.Width(60)) && !_source.Mark(_marker))
                Debug.LogWarning("Sentio: the marker was not sent; " + _source.Reason);
            EditorGUILayout.EndHorizontal();
        }

        private void DrawConnection()
        {
            if (_source.Listens)
            {
                if (GUILayout.Button("Disconnect")) _source.Dispose();
                return;
            }
            EditorGUILayout.HelpBox("In Play mode the scene's feed is shown. In edit mode connect to a sidecar here.", MessageType.Info);
            if (GUILayout.Button("Connect to the sidecar")) _source.Listen(SentioSettings.instance.Options());
        }
    }
}
