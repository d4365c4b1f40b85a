<?php
// Inserts the posts that stand on standard input as JSON: title, content, date, author, category,
// tags. Prints how many. Not while installing: rewrite rules flushed then know no archives.
require getenv('SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';

flush_rewrite_rules(false);
wp_defer_term_counting(true);
wp_suspend_cache_invalidation(true);

function author_named(string $name): int
{
    static $known = [];
    return $known[$name] ??= wp_insert_user([
        'user_login' => sanitize_title($name),
        'user_pass' => wp_generate_password(),
        'display_name' => $name,
        'role' => 'author',
    ]);
}

$count = 0;
foreach (json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR) as $post) {
    $id = wp_insert_post(wp_slash([
        'post_title' => $post['title'],
        'post_content' => $post['content'],
        'post_date' => $post['date'],
        'post_status' => 'publish',
        'post_author' => author_named($post['author']),
        'post_category' => [wp_create_category($post['category'])],
        'tags_input' => $post['tags'],
    ]), true);
    if (is_wp_error($id)) {
        fwrite(STDERR, $id->get_error_message() . "\n");
        exit(1);
    }
    $count++;
}
wp_suspend_cache_invalidation(false);
wp_defer_term_counting(false);
wp_cache_flush();
echo $count;
