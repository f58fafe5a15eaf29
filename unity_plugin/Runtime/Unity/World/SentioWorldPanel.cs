using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Shows consent, overlay, what adapts and why, or lines of the game in the world, within reach of gaze and
    /// controller.</summary>
    /// <remarks>Set <see cref="Content"/> to a <see cref="ConsentContent"/>, <see cref="HudContent"/>,
    /// <see cref="WhyContent"/>, <see cref="ExposureContent"/> or your own. It stays where it is put until the player has
    /// looked away for <see cref="FollowAfter"/> seconds, then moves before them: it is never fixed to the head. Call
    /// <see cref="Follow"/> and <see cref="Gaze"/> or <see cref="Point"/> in each frame.</remarks>
    [AddComponentMenu("Sentio/Sentio World Panel")]
    public sealed class SentioWorldPanel : MonoBehaviour
    {
        private const float Edge = 0.03f;
        private const float RefreshSeconds = 0.2f;
        // Height of a line of text, and width of a letter, in heights of a letter.
        private const float LineHeight = 1.25f, LetterWidth = 0.5f;

        [SerializeField, Range(0.2f, 3f), Tooltip("Width, metres.")]
        private float width = 0.9f;

        [SerializeField, Range(0.01f, 0.2f), Tooltip("Height of a line's letters, metres.")]
        private float letter = 0.03f;

        [SerializeField, Range(0.4f, 3f), Tooltip("Distance from the player, metres.")]
        private float distance = 1.1f;

        [SerializeField, Range(-1f, 1f), Tooltip("Height below the eyes, metres.")]
        private float below = 0.15f;

        [SerializeField, Range(0f, 5f), Tooltip("Seconds of gaze that press a button; 0 switches gaze off.")]
        private float dwellSeconds = 1.3f;

        [SerializeField, Range(0f, 60f), Tooltip("Seconds of looking away after which it comes round; 0 for never.")]
        private float followAfter = 2f;

        [SerializeField, Tooltip("The font; empty for Unity's own.")]
        private Font font;

        private readonly WorldPlane _plane = new WorldPlane();
        private readonly GazeDwell _dwell = new GazeDwell();
        private readonly List<WorldLine> _lines = new List<WorldLine>();
        private readonly List<string> _wrapped = new List<string>();
        private readonly List<float> _tops = new List<float>(), _heights = new List<float>();
        private WorldDrawing _drawing;
        private float _height, _since = RefreshSeconds;
        private bool _pressed;

        /// <summary>What it shows; null for nothing. Without lines it is hidden.</summary>
        public IWorldContent Content { get; set; }

        /// <summary>Width, metres.</summary>
        public float Width { get { return width; } set { width = value; } }

        /// <summary>Height of a line's letters, metres.</summary>
        public float Letter { get { return letter; } set { letter = value; } }

        /// <summary>Distance from the player, metres.</summary>
        public float Distance { get { return distance; } set { distance = value; } }

        /// <summary>Height below the eyes, metres.</summary>
        public float Below { get { return below; } set { below = value; } }

        /// <summary>Seconds of gaze that press a button; 0 switches gaze off.</summary>
        public float DwellSeconds { get { return dwellSeconds; } set { dwellSeconds = value; } }

        /// <summary>Seconds of looking away after which it moves before the player; 0 for never.</summary>
        public float FollowAfter { get { return followAfter; } set { followAfter = value; } }

        /// <summary>Its lines now.</summary>
        public IList<WorldLine> Lines { get { return _lines; } }

        /// <summary>How far the gaze has pressed, 0..1.</summary>
        public float Dwell { get { return _dwell.Progress; } }

        /// <summary>The middle of the panel.</summary>
        public Vector3 At { get { return _plane.At; } }

        /// <summary>Its height, metres; 0 while it is hidden.</summary>
        public float Height { get { return _height; } }

        /// <summary>Puts it before a player whose eyes are at <paramref name="eyes"/> and look along
        /// <paramref name="view"/>; level, facing them.</summary>
        public void Place(Vector3 eyes, Vector3 view)
        {
            _plane.Place(eyes, view, distance, below);
            transform.position = _plane.At;
            transform.rotation = Quaternion.LookRotation(_plane.Ahead);
        }

        /// <summary>Advances by some real seconds for a player whose eyes are at <paramref name="eyes"/>.</summary>
        public void Follow(Vector3 eyes, Vector3 view, float seconds)
        {
            if (_plane.IsLeft(eyes, view, (float)Elapsed.Of(seconds), followAfter)) Place(eyes, view);
        }

        /// <summary>Points along a ray; <paramref name="pressed"/> is the trigger. Returns the index of the button that is
        /// hit, or -1.</summary>
        public int Point(Vector3 origin, Vector3 along, bool pressed)
        {
            int on = Hit(origin, along);
            Mark(on, 0f);
            bool press = pressed && !_pressed;
            _pressed = pressed;
            if (press && on >= 0) Press(on);
            return on;
        }

        /// <summary>Points with the gaze: a button that is looked at for <see cref="DwellSeconds"/> is pressed
        /// once.</summary>
        public void Gaze(Vector3 origin, Vector3 along, float seconds)
        {
            int on = Hit(origin, along);
            _dwell.Seconds = dwellSeconds;
            bool press = _dwell.Step(on, seconds);
            Mark(on, _dwell.Progress);
            if (press) Press(on);
        }

        /// <summary>The index of the button that a ray hits, or -1.</summary>
        public int Hit(Vector3 origin, Vector3 along)
        {
            Vector2 at;
            if (_height <= 0 || !_plane.Meet(origin, along, out at) || Mathf.Abs(at.x) > width / 2) return -1;
            for (int i = 0; i < _lines.Count; i++)
                if (_lines[i].Press != null && at.y <= _tops[i] && at.y > _tops[i] - _heights[i]) return i;
            return -1;
        }

        /// <summary>Reads <see cref="Content"/> again; called by <c>Update</c> five times a second.</summary>
        public void Refresh()
        {
            _lines.Clear();
            _wrapped.Clear();
            _tops.Clear();
            _heights.Clear();
            if (Content != null) Content.Write(_lines);
            float used = 0;
            foreach (WorldLine line in _lines)
            {
                float size = letter * line.Size;
                List<string> rows = WorldLine.Wrap(line.Text, (int)((width - 2 * Edge) / (size * LetterWidth)));
                _wrapped.Add(string.Join("\n", rows.ToArray()));
                float height = size * LineHeight * rows.Count + size * (line.Press != null ? 0.8f : 0.35f);
                _heights.Add(height);
                _tops.Add(-used);
                used += height;
            }
            _height = _lines.Count > 0 ? used + 2 * Edge : 0;
            for (int i = 0; i < _tops.Count; i++) _tops[i] += _height / 2 - Edge;
            Draw();
        }

        private void Update()
        {
            _since += Time.unscaledDeltaTime;
            if (_since < RefreshSeconds) return;
            _since = 0;
            Refresh();
        }

        private void Press(int index)
        {
            _lines[index].Press();
            Refresh();
        }

        private void Draw()
        {
            if (_drawing == null)
            {
                var root = new GameObject("Panel");
                root.transform.SetParent(transform, false);
                _drawing = new WorldDrawing(root.transform, font);
            }
            _drawing.Show(_lines, _wrapped, _tops, letter, new Vector2(width, _height), Edge);
        }

        private void Mark(int on, float progress)
        {
            if (_drawing == null) return;
            if (on < 0) _drawing.Mark(0, 0, 0, 0);
            else _drawing.Mark(_tops[on], _heights[on], width - Edge, progress);
        }
    }
}
