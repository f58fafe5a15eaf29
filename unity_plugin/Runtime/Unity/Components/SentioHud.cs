using UnityEngine;

namespace Sentio
{
    /// <summary>Developer overlay with all data of a feed; toggled with one key.</summary>
    /// <remarks>Players should see no raw numbers: it is hidden in release builds, unless
    /// <see cref="DevelopmentOnly"/> is off.</remarks>
    [AddComponentMenu("Sentio/Sentio Hud")]
    public sealed class SentioHud : MonoBehaviour
    {
        private const double TextSeconds = 0.25;
        // Some lines stay, so that a reader finds the place again.
        private const float PressedPages = 0.8f;

        [SerializeField, Tooltip("The feed that is shown; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed feed;

        [SerializeField, Tooltip("The key that hides and shows the overlay.")]
        private KeyCode toggleKey = KeyCode.F3;

        [SerializeField, Tooltip("Whether it is shown.")]
        private bool visible = true;

        [SerializeField, Tooltip("Never shown in release builds.")]
        private bool developmentOnly = true;

        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly HudText _text = new HudText();
        private readonly HudPanel _panel = new HudPanel();
        private SentioFeed _found;
        private double _since = TextSeconds;

        /// <summary>The feed that is shown; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Feed { get { return feed ? feed : _found; } set { feed = value; } }

        /// <summary>The key that hides and shows the overlay.</summary>
        public KeyCode ToggleKey { get { return toggleKey; } set { toggleKey = value; } }

        /// <summary>Whether it is shown.</summary>
        public bool Visible { get { return visible; } set { visible = value; } }

        /// <summary>Whether it is never shown in release builds.</summary>
        public bool DevelopmentOnly { get { return developmentOnly; } set { developmentOnly = value; } }

        /// <summary>Text of the overlay, updated four times a second.</summary>
        public HudText Text { get { return _text; } }

        private bool IsShown { get { return visible && (!developmentOnly || Application.isEditor || Debug.isDebugBuild); } }

        /// <summary>Hides or shows it.</summary>
        public void ToggleVisible() { visible = !visible; }

        /// <summary>Scrolls its list where the screen is too low for it, down if pages are positive; Page Up and Page Down
        /// do it too.</summary>
        public void ScrollPages(float pages) { _panel.Scroll(pages); }

        private void Update()
        {
            if (!feed) _found = _finder.Of(null, this, Time.unscaledDeltaTime);
            useGUILayout = IsShown;
            _since += Time.unscaledDeltaTime;
            if (!IsShown || _since < TextSeconds) return;
            _since = 0;
            _text.Read(Feed);
        }

        private void OnGUI()
        {
            Event happened = Event.current;
            if (SentioInput.IsPressed(toggleKey, happened)) ToggleVisible();
            if (SentioInput.IsPressed(KeyCode.PageDown, happened)) ScrollPages(PressedPages);
            if (SentioInput.IsPressed(KeyCode.PageUp, happened)) ScrollPages(-PressedPages);
            if (IsShown) _panel.Draw(Feed, _text);
        }
    }
}
